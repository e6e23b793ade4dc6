/**
 * The command line's root, {@link dev.retrain.cli.Retrain}. Java programs call the jobs in {@link
 * dev.retrain.job}.
 */
package dev.retrain;

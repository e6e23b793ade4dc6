/**
 * The command line's root, {@link dev.retrain.cli.Retrain}. Whoever calls the tool from Java starts
 * at {@link dev.retrain.job}.
 */
package dev.retrain;

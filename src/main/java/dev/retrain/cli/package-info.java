/**
 * The command line: {@link dev.retrain.cli.Retrain} is the entry point and the only class that ends
 * the process.
 */
package dev.retrain.cli;

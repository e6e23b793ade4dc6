/** Prints descriptions of networks. */
package dev.retrain.cli.output.describe;

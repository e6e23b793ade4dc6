/** Prints evaluations. */
package dev.retrain.cli.output.evaluation;

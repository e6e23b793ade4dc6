/** The options of a training, and their lists of values in a sweep. */
package dev.retrain.cli.option.training;

/**
 * Options from a file, between those of the command line and the defaults.
 *
 * <p>{@link dev.retrain.cli.config.ConfigFile} reads and checks all of a file; {@link
 * dev.retrain.cli.config.ConfiguredExecution} puts what is meant for the command that runs behind
 * its arguments. A YAML parser is loaded only where there is a file.
 */
package dev.retrain.cli.config;

/**
 * Options from a YAML file, which override the defaults and are overridden by the command line.
 *
 * <p>{@link dev.retrain.cli.config.ConfigFile} reads and checks the whole file; {@link
 * dev.retrain.cli.config.ConfiguredExecution} appends the options for the running command to its
 * arguments. The YAML parser is loaded only if there is a file.
 */
package dev.retrain.cli.config;

/** The subcommands of {@code models}. */
package dev.retrain.cli.command.models;

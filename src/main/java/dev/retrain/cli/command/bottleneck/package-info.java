/** The subcommands of {@code bottleneck}. */
package dev.retrain.cli.command.bottleneck;

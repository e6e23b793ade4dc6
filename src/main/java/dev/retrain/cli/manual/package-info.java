/**
 * The command line told to others than its parser: a manual page for {@code man}, completions for a
 * shell that picocli does not know. Both are made from picocli's model, so a new option is in them.
 */
package dev.retrain.cli.manual;

/**
 * Documentation generated from picocli's model: a manual page for {@code man}, a reference in
 * Markdown, and completions for fish. A new option appears in all of them.
 */
package dev.retrain.cli.manual;

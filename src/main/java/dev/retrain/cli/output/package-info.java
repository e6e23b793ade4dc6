/** Prints results: text for people, JSON and CSV for scripts. */
package dev.retrain.cli.output;

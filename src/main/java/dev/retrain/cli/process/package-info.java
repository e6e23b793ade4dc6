/**
 * The process around a command: exit codes, signals, logging, progress display and the terminal.
 */
package dev.retrain.cli.process;

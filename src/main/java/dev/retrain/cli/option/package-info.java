/**
 * Options that several commands share. Each class yields one value of the library and knows no
 * command.
 */
package dev.retrain.cli.option;

/**
 * Constraints between options. Each is declared once, beside the options it concerns; the command
 * line, configuration files and records of the options in force all apply it.
 */
package dev.retrain.cli.option.rule;

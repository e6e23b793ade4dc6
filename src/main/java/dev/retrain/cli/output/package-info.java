/** Prints results as text, tables or JSON. Knows results of the library, but no command. */
package dev.retrain.cli.output;

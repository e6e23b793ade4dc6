package dev.retrain.cli.output.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.output.Console;

/** Prints the result of an evaluation. */
public interface ResultPrinter {
  /** The result as JSON. */
  ObjectNode json();

  /** Prints the result for people. */
  void print(Console console);
}

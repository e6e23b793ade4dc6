package dev.retrain.fault;

import java.nio.file.Path;
import java.util.List;

/**
 * A command that writes files into its working directory, run in a directory of its own each time.
 *
 * @param name the name in the table of results
 * @param seed a directory whose content is copied into the working directory first; null for none
 * @param javaOptions options of Java
 * @param arguments the command line; relative paths lie in the working directory
 */
record KillableCommand(String name, Path seed, List<String> javaOptions, List<Object> arguments) {
  static KillableCommand of(String name, Path seed, Object... arguments) {
    return new KillableCommand(name, seed, List.of(), List.of(arguments));
  }

  @Override
  public String toString() {
    return name;
  }
}

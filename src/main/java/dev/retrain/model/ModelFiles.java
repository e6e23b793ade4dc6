package dev.retrain.model;

import java.nio.file.Path;

/**
 * Where a model's three files are.
 *
 * @param graph the frozen graph
 * @param labels a line a class
 */
public record ModelFiles(Path graph, Path labels) {
  /** The description beside the graph: {@code output_graph.pb} has {@code output_graph.json}. */
  public Path description() {
    return descriptionOf(graph);
  }

  static Path descriptionOf(Path graph) {
    String name = graph.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return graph.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".json");
  }
}

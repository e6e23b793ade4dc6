package dev.retrain.model;

import java.nio.file.Path;

/**
 * The paths of a model's three files. {@link ModelBundle} checks that graph and metadata exist.
 *
 * @param graph the frozen graph
 * @param labels the classes, a line each
 */
public record ModelFiles(Path graph, Path labels) {
  /** The metadata beside the graph: {@code output_graph.json} for {@code output_graph.pb}. */
  public Path metadata() {
    return metadataOf(graph);
  }

  static Path metadataOf(Path graph) {
    String name = graph.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return graph.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".json");
  }
}

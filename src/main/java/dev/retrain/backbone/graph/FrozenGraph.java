package dev.retrain.backbone.graph;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.tensorflow.proto.GraphDef;

/**
 * A network as it was read, and what was made of it: rewriting a large one takes a second, and one
 * training needs it four times.
 *
 * <p>Equal where the network is. Safe for use by several threads at once.
 */
public final class FrozenGraph {
  private final GraphDef definition;
  private final Map<Object, GraphDef> made = new ConcurrentHashMap<>();

  public FrozenGraph(GraphDef definition) {
    this.definition = definition;
  }

  /** As it was read. */
  public GraphDef definition() {
    return definition;
  }

  /**
   * What is made of it.
   *
   * @param how tells it from whatever else is made of it
   * @param make makes it, the first time
   */
  public GraphDef made(Object how, Supplier<GraphDef> make) {
    return made.computeIfAbsent(how, key -> make.get());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FrozenGraph graph && graph.definition.equals(definition);
  }

  @Override
  public int hashCode() {
    return definition.hashCode();
  }
}

package dev.retrain.backbone.graph;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.tensorflow.proto.GraphDef;

/**
 * A frozen graph with a cache of graphs derived from it: optimizing a large graph takes a second,
 * and one training needs the result four times.
 *
 * <p>Equal if the definitions are. Thread-safe.
 */
public final class FrozenGraph {
  private final GraphDef definition;
  private final boolean trusted;
  private final boolean foreign;
  private volatile boolean probed;
  private final Map<Object, GraphDef> derived = new ConcurrentHashMap<>();

  /** A graph whose ops are limited. */
  public FrozenGraph(GraphDef definition) {
    this(definition, false);
  }

  /**
   * @param definition the graph
   * @param trusted whether the graph may run whatever its ops are
   */
  public FrozenGraph(GraphDef definition, boolean trusted) {
    this(definition, trusted, false);
  }

  /**
   * @param definition the graph
   * @param trusted whether the graph may run whatever its ops are
   * @param foreign whether the vector of an image may depend on the other images of its batch,
   *     which is then checked
   */
  public FrozenGraph(GraphDef definition, boolean trusted, boolean foreign) {
    this.definition = definition;
    this.trusted = trusted;
    this.foreign = foreign;
  }

  /** Whether the check that vectors don't depend on the other images of a batch is pending. */
  public boolean needsProbe() {
    return foreign && !probed;
  }

  /** Records that this check has passed. */
  public void probed() {
    probed = true;
  }

  /** A copy for which this check is pending. */
  public FrozenGraph asForeign() {
    return new FrozenGraph(definition, trusted, true);
  }

  /** A copy that may run whatever its ops are, or not. */
  public FrozenGraph withTrusted(boolean other) {
    return new FrozenGraph(definition, other, foreign);
  }

  /** Whether the graph may run whatever its ops are. */
  public boolean isTrusted() {
    return trusted;
  }

  /** The graph as it was read. */
  public GraphDef definition() {
    return definition;
  }

  /**
   * A graph derived from this one.
   *
   * @param key identifies the derived graph
   * @param supplier derives it; called once for each key
   */
  public GraphDef derive(Object key, Supplier<GraphDef> supplier) {
    return derived.computeIfAbsent(key, unused -> supplier.get());
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

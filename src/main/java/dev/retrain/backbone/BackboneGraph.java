package dev.retrain.backbone;

import dev.retrain.work.Failure;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.types.TFloat32;

/**
 * A TensorFlow graph that holds a backbone up to its joined vector, and room for more. The network
 * keeps the names it has in its file; nothing after the bottlenecks is there.
 *
 * <p>Owns the native graph; {@link #close()} frees it.
 */
public final class BackboneGraph implements AutoCloseable {
  /** The node whose output is the vector. */
  public static final String VECTOR = "bottleneck";

  private final Graph graph = new Graph();
  private final Operand<TFloat32> vector;

  /**
   * @param backbone the network
   * @throws Failure where its tensors are not what the definition says
   */
  public BackboneGraph(Backbone backbone) {
    try {
      graph.importGraphDef(Pruning.keep(backbone.graph(), backbone.bottlenecks()));
      Tensors.operand(graph, backbone.input());
      vector = Join.addTo(graph, VECTOR, backbone.bottlenecks());
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      graph.close();
      throw new Failure("The network %s can't be used: %s.".formatted(backbone.name(), said(e)), e);
    }
  }

  /** The first line of what an exception says, without a closing full stop. */
  static String said(RuntimeException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("no reason given")
        .replaceAll("\\.$", "");
  }

  /** The native graph; it stays this object's. */
  public Graph graph() {
    return graph;
  }

  /** [n, length] float32: the joined vector of each picture. */
  public Operand<TFloat32> vector() {
    return vector;
  }

  @Override
  public void close() {
    graph.close();
  }
}

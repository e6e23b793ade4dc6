package dev.retrain.backbone;

import dev.retrain.backbone.rewrite.Rewrites;
import dev.retrain.work.Failure;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A TensorFlow graph that holds a backbone up to its joined vector, and room for more. Nothing
 * after the bottlenecks is there; unless the backbone says otherwise, what is there is rewritten to
 * run faster ({@link Rewrites}). A node that has the name of one in the file has its value.
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
      graph.importGraphDef(definition(backbone));
      Tensors.operand(graph, backbone.input());
      vector = Join.addTo(graph, VECTOR, backbone.bottlenecks());
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      graph.close();
      throw new Failure("The network %s can't be used: %s.".formatted(backbone.name(), said(e)), e);
    }
  }

  private static GraphDef definition(Backbone backbone) {
    List<String> bottlenecks = backbone.bottlenecks();
    GraphDef needed = Rewrites.anyBatch(Pruning.keep(backbone.graph(), bottlenecks));
    if (!backbone.computation().optimized()) {
      return needed;
    }
    Set<String> kept =
        Stream.concat(Stream.of(backbone.input()), bottlenecks.stream())
            .map(Tensors::operation)
            .collect(Collectors.toSet());
    return Pruning.keep(Rewrites.faster(needed, kept), bottlenecks);
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

package dev.retrain.backbone;

import dev.retrain.backbone.graph.FeatureConcat;
import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.InputCheck;
import dev.retrain.backbone.graph.ShapeProbe;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.backbone.rewrite.GraphPasses;
import dev.retrain.util.ErrorText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.TensorFlowRuntime;
import java.nio.BufferUnderflowException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A TensorFlow graph that computes a backbone's vectors, and to which other operations can be
 * added. Operations after the feature tensors are removed, and the rest is checked ({@link
 * GraphGuard}) and optimized ({@link GraphPasses}) unless the compute options disable it. A node
 * with the name of a node in the file has its value.
 *
 * <p>Owns the native graph; {@link #close()} frees it.
 */
public final class BackboneGraph implements AutoCloseable {
  /** The node whose output is the vector. */
  public static final String VECTOR = "bottleneck";

  /** Prefix of the names of nodes that process the flipped images. */
  private static final String MIRRORED = "mirrored/";

  private final Graph graph = TensorFlowRuntime.newGraph();
  private final Operand<TFloat32> vector;

  /**
   * @param backbone the backbone
   * @throws RetrainException if its graph is refused, or its tensors don't exist or have unsuitable
   *     shapes or types
   */
  public BackboneGraph(Backbone backbone) {
    try {
      graph.importGraphDef(definition(backbone));
      InputCheck.checkShape(backbone.name(), graph, backbone.input());
      List<FeatureTensor> features =
          backbone.bottlenecks().stream().map(FeatureTensor::parse).toList();
      vector = addVector(backbone, features);
    } catch (IllegalArgumentException
        | ArithmeticException
        | UnsupportedOperationException
        | TensorFlowException e) {
      graph.close();
      throw new RetrainException(
          e, "Backbone %s can't be used: %s.", backbone.name(), ErrorText.firstLine(e));
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  private Operand<TFloat32> addVector(Backbone backbone, List<FeatureTensor> features) {
    ShapeProbe probe =
        new ShapeProbe(
            backbone.name(),
            graph,
            backbone.input(),
            backbone.preprocessing().height(),
            backbone.preprocessing().width());
    try {
      return backbone.mirrored()
          ? flipAverage(features, probe)
          : FeatureConcat.addTo(graph, VECTOR, features, probe);
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e,
          "Backbone %s can't be used: %s. Set %s to a floating-point tensor with the images in the"
              + " first dimension and the channels in the last.",
          backbone.name(),
          ErrorText.firstLine(e),
          Setting.BOTTLENECK_TENSOR);
    }
  }

  private Operand<TFloat32> flipAverage(List<FeatureTensor> features, ShapeProbe probe) {
    Operand<TFloat32> own = FeatureConcat.addTo(graph, VECTOR + "_own", features, probe);
    Operand<TFloat32> mirrored =
        FeatureConcat.addTo(
            graph,
            VECTOR + "_mirrored",
            features.stream()
                .map(feature -> feature.withTensor(MIRRORED + feature.tensor()))
                .toList(),
            probe);
    Ops tf = Ops.create(graph);
    return tf.withName(VECTOR).math.mul(tf.math.add(own, mirrored), tf.constant(0.5f));
  }

  /** Everything that a derived graph depends on besides the frozen graph. */
  private record Derivation(
      String input, List<String> tensors, boolean optimized, boolean mirrored) {}

  private static GraphDef definition(Backbone backbone) {
    Derivation derivation =
        new Derivation(
            backbone.input(),
            FeatureTensor.tensors(backbone.bottlenecks()),
            backbone.computation().optimized(),
            backbone.mirrored());
    return backbone.frozen().derive(derivation, () -> definition(backbone, derivation));
  }

  private static GraphDef definition(Backbone backbone, Derivation derivation) {
    GraphDef needed = GraphPruner.keep(backbone.graph(), derivation.tensors());
    GraphGuard.check(backbone.name(), needed, backbone.frozen().isTrusted());
    InputCheck.checkPlaceholders(backbone.name(), needed, derivation.input(), derivation.tensors());
    try {
      GraphDef network = optimize(needed, derivation);
      return derivation.mirrored()
          ? GraphPasses.withMirroredBranch(network, derivation.input(), MIRRORED)
          : network;
    } catch (IndexOutOfBoundsException | NullPointerException | BufferUnderflowException e) {
      // A pass met a node without the inputs or attributes of its op; TensorFlow says which.
      checkImport(needed);
      throw e;
    }
  }

  private static void checkImport(GraphDef graph) {
    try (Graph imported = TensorFlowRuntime.newGraph()) {
      imported.importGraphDef(graph);
    }
  }

  private static GraphDef optimize(GraphDef pruned, Derivation derivation) {
    GraphDef needed = GraphPasses.unfixBatchDimension(pruned);
    if (!derivation.optimized()) {
      return needed;
    }
    Set<String> kept =
        Stream.concat(Stream.of(derivation.input()), derivation.tensors().stream())
            .map(TensorNames::operation)
            .collect(Collectors.toSet());
    return GraphPruner.keep(GraphPasses.optimize(needed, kept), derivation.tensors());
  }

  /** The native graph; remains owned by this object. */
  public Graph graph() {
    return graph;
  }

  /** The vector of each image: [n, length] float32. */
  public Operand<TFloat32> vector() {
    return vector;
  }

  @Override
  public void close() {
    graph.close();
  }
}

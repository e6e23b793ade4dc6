package dev.retrain.backbone;

import dev.retrain.backbone.graph.FeatureConcat;
import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.rewrite.GraphPasses;
import dev.retrain.util.RetrainException;
import dev.retrain.util.TensorFlowRuntime;
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
 * A TensorFlow graph that holds a backbone up to its joined vector, and room for more. Nothing
 * after the bottlenecks is there; unless the backbone says otherwise, what is there is rewritten to
 * run faster ({@link GraphPasses}). A node that has the name of one in the file has its value, also
 * where a second network beside it sees the images mirrored.
 *
 * <p>Owns the native graph; {@link #close()} frees it.
 */
public final class BackboneGraph implements AutoCloseable {
  /** The node whose output is the vector. */
  public static final String VECTOR = "bottleneck";

  /** What the names of the network that sees images mirrored begin with. */
  private static final String MIRRORED = "mirrored/";

  private final Graph graph = TensorFlowRuntime.newGraph();
  private final Operand<TFloat32> vector;

  /**
   * @param backbone the network
   * @throws RetrainException where its tensors are not what the definition says
   */
  public BackboneGraph(Backbone backbone) {
    try {
      graph.importGraphDef(definition(backbone));
      TensorNames.operand(graph, backbone.input());
      List<FeatureTensor> parts =
          backbone.bottlenecks().stream().map(FeatureTensor::parse).toList();
      vector = backbone.mirrored() ? averaged(parts) : FeatureConcat.addTo(graph, VECTOR, parts);
    } catch (IllegalArgumentException
        | ArithmeticException
        | UnsupportedOperationException
        | TensorFlowException e) {
      graph.close();
      throw new RetrainException(
          "The network %s can't be used: %s.".formatted(backbone.name(), said(e)), e);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  private Operand<TFloat32> averaged(List<FeatureTensor> parts) {
    Operand<TFloat32> own = FeatureConcat.addTo(graph, VECTOR + "_own", parts);
    Operand<TFloat32> mirrored =
        FeatureConcat.addTo(
            graph,
            VECTOR + "_mirrored",
            parts.stream().map(part -> part.withTensor(MIRRORED + part.tensor())).toList());
    Ops tf = Ops.create(graph);
    return tf.withName(VECTOR).math.mul(tf.math.add(own, mirrored), tf.constant(0.5f));
  }

  /** What a definition hangs on besides the network. */
  private record Form(String input, List<String> tensors, boolean optimized, boolean mirrored) {}

  private static GraphDef definition(Backbone backbone) {
    Form form =
        new Form(
            backbone.input(),
            FeatureTensor.tensors(backbone.bottlenecks()),
            backbone.computation().optimized(),
            backbone.mirrored());
    return backbone.frozen().made(form, () -> definition(backbone.graph(), form));
  }

  private static GraphDef definition(GraphDef graph, Form form) {
    GraphDef network = network(graph, form);
    return form.mirrored()
        ? GraphPasses.withMirroredTwin(network, form.input(), MIRRORED)
        : network;
  }

  private static GraphDef network(GraphDef graph, Form form) {
    GraphDef needed = GraphPasses.anyBatch(GraphPruner.keep(graph, form.tensors()));
    if (!form.optimized()) {
      return needed;
    }
    Set<String> kept =
        Stream.concat(Stream.of(form.input()), form.tensors().stream())
            .map(TensorNames::operation)
            .collect(Collectors.toSet());
    return GraphPruner.keep(GraphPasses.faster(needed, kept), form.tensors());
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

  /** [n, length] float32: the joined vector of each image. */
  public Operand<TFloat32> vector() {
    return vector;
  }

  @Override
  public void close() {
    graph.close();
  }
}

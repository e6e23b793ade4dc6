package dev.retrain.model;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.training.Head;
import dev.retrain.training.graph.HeadOps;
import dev.retrain.training.loss.LossOps;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A backbone and a trained head in one frozen graph, or a head alone.
 *
 * @param definition the graph
 * @param vector the feature vectors, {@code name:0}
 * @param output the probabilities, {@code name:0}
 */
record RetrainedGraph(GraphDef definition, String vector, String output) {
  /** The input of a graph without a backbone, named as in retrain.py. */
  static final String VECTORS = "input/BottleneckInputPlaceholder:0";

  /**
   * Attaches a head to a backbone.
   *
   * @param backbone the backbone; its nodes keep their names
   * @param head the head
   * @param name name of the output node
   * @throws RetrainException if the backbone has a node of that name
   */
  static RetrainedGraph build(Backbone backbone, Head head, String name) {
    try (BackboneGraph network = new BackboneGraph(backbone)) {
      checkNameIsFree(network, backbone, name);
      return attach(network.graph(), network.vector(), head, name);
    }
  }

  /**
   * A head whose input is {@link #VECTORS}, [n, inputs] float32.
   *
   * @param head the head
   * @param name name of the output node
   */
  static RetrainedGraph build(Head head, String name) {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Operand<TFloat32> vectors =
          Ops.create(graph)
              .withSubScope("input")
              .withName("BottleneckInputPlaceholder")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, head.inputs())));
      return attach(graph, vectors, head, name);
    }
  }

  private static RetrainedGraph attach(
      Graph graph, Operand<TFloat32> vectors, Head head, String name) {
    Ops tf = Ops.create(graph);
    Operand<TFloat32> probabilities =
        LossOps.probabilities(
            tf.withName(name), head.objective(), HeadOps.logits(tf, head, vectors));
    return new RetrainedGraph(
        graph.toGraphDef(), vectors.op().name() + ":0", probabilities.op().name() + ":0");
  }

  static void checkNameIsFree(BackboneGraph network, Backbone backbone, String name) {
    if (network.graph().operation(name) != null) {
      throw new RetrainException(
          "The backbone %s already has a node '%s'; change %s.",
          backbone.name(), name, Setting.FINAL_TENSOR_NAME);
    }
  }
}

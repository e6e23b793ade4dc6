package dev.retrain.model;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.training.Head;
import dev.retrain.training.graph.HeadOps;
import dev.retrain.util.RetrainException;
import dev.retrain.util.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A network and its new layers in one frozen graph; or the layers alone, fed with vectors.
 *
 * @param definition the graph
 * @param vector what the layer is fed with, {@code name:0}
 * @param output the probabilities, {@code name:0}
 */
record RetrainedGraph(GraphDef definition, String vector, String output) {
  /** Where vectors go in where there is no network; retrain.py's name. */
  static final String VECTORS = "input/BottleneckInputPlaceholder:0";

  /**
   * Puts a head on a network.
   *
   * @param backbone the network; its nodes keep their names
   * @param head the new layers
   * @param name the name of the output
   * @throws RetrainException where the network has a node of that name already
   */
  static RetrainedGraph build(Backbone backbone, Head head, String name) {
    try (BackboneGraph network = new BackboneGraph(backbone)) {
      checkFree(network, backbone, name);
      return on(network.graph(), network.vector(), head, name);
    }
  }

  /**
   * Puts a head on nothing: it is fed with vectors, [n, inputs] float32, at {@link #VECTORS}.
   *
   * @param head the layers
   * @param name the name of the output
   */
  static RetrainedGraph build(Head head, String name) {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Operand<TFloat32> vectors =
          Ops.create(graph)
              .withSubScope("input")
              .withName("BottleneckInputPlaceholder")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, head.inputs())));
      return on(graph, vectors, head, name);
    }
  }

  private static RetrainedGraph on(Graph graph, Operand<TFloat32> vectors, Head head, String name) {
    Ops tf = Ops.create(graph);
    Operand<TFloat32> probabilities =
        tf.withName(name).nn.softmax(HeadOps.logits(tf, head, vectors));
    return new RetrainedGraph(
        graph.toGraphDef(), vectors.op().name() + ":0", probabilities.op().name() + ":0");
  }

  static void checkFree(BackboneGraph network, Backbone backbone, String name) {
    if (network.graph().operation(name) != null) {
      throw new RetrainException(
          "The network %s has a node '%s' already; choose another --final-tensor-name."
              .formatted(backbone.name(), name));
    }
  }
}

package dev.retrain.model;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.training.SoftmaxLayer;
import dev.retrain.work.Failure;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A network and its new layer in one frozen graph; or the layer alone, fed with vectors.
 *
 * @param definition the graph
 * @param vector what the layer is fed with, {@code name:0}
 * @param output the probabilities, {@code name:0}
 */
record RetrainedGraph(GraphDef definition, String vector, String output) {
  private static final String SCOPE = "final_layer";

  /** Where vectors go in where there is no network; retrain.py's name. */
  static final String VECTORS = "input/BottleneckInputPlaceholder:0";

  /**
   * Puts a layer on a network.
   *
   * @param backbone the network; its nodes keep their names
   * @param layer the new layer
   * @param name the name of the output
   * @throws Failure where the network has a node of that name already
   */
  static RetrainedGraph of(Backbone backbone, SoftmaxLayer layer, String name) {
    try (BackboneGraph network = new BackboneGraph(backbone)) {
      checkFree(network, backbone, name);
      return on(network.graph(), network.vector(), layer, name);
    }
  }

  /**
   * Puts a layer on nothing: it is fed with vectors, [n, inputs] float32, at {@link #VECTORS}.
   *
   * @param layer the layer
   * @param name the name of the output
   */
  static RetrainedGraph of(SoftmaxLayer layer, String name) {
    try (Graph graph = new Graph()) {
      Operand<TFloat32> vectors =
          Ops.create(graph)
              .withSubScope("input")
              .withName("BottleneckInputPlaceholder")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, layer.inputs())));
      return on(graph, vectors, layer, name);
    }
  }

  private static RetrainedGraph on(
      Graph graph, Operand<TFloat32> vectors, SoftmaxLayer layer, String name) {
    Ops tf = Ops.create(graph);
    Ops scope = tf.withSubScope(SCOPE);
    Operand<TFloat32> weights =
        scope
            .withName("weights")
            .constant(Shape.of(layer.inputs(), layer.classes()), DataBuffers.of(layer.weights()));
    Operand<TFloat32> biases = scope.withName("biases").constant(layer.biases());
    Operand<TFloat32> logits =
        scope.withName("pre_activations").math.add(scope.linalg.matMul(vectors, weights), biases);
    Operand<TFloat32> probabilities = tf.withName(name).nn.softmax(logits);
    return new RetrainedGraph(
        graph.toGraphDef(), vectors.op().name() + ":0", probabilities.op().name() + ":0");
  }

  static void checkFree(BackboneGraph network, Backbone backbone, String name) {
    if (network.graph().operation(name) != null) {
      throw new Failure(
          "The network %s has a node '%s' already; choose another --final-tensor-name."
              .formatted(backbone.name(), name));
    }
  }
}

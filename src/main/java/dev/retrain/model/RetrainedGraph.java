package dev.retrain.model;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.training.SoftmaxLayer;
import dev.retrain.work.Failure;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A network and its new layer in one frozen graph.
 *
 * @param definition the graph
 * @param output the probabilities, {@code name:0}
 */
record RetrainedGraph(GraphDef definition, String output) {
  private static final String SCOPE = "final_layer";

  /**
   * Joins the two.
   *
   * @param backbone the network; its nodes keep their names
   * @param layer the new layer
   * @param name the name of the output
   * @throws Failure where the network has a node of that name already
   */
  static RetrainedGraph of(Backbone backbone, SoftmaxLayer layer, String name) {
    try (BackboneGraph network = new BackboneGraph(backbone)) {
      checkFree(network, backbone, name);
      Ops tf = Ops.create(network.graph());
      Ops scope = tf.withSubScope(SCOPE);
      Operand<TFloat32> weights =
          scope
              .withName("weights")
              .constant(Shape.of(layer.inputs(), layer.classes()), DataBuffers.of(layer.weights()));
      Operand<TFloat32> biases = scope.withName("biases").constant(layer.biases());
      Operand<TFloat32> logits =
          scope
              .withName("pre_activations")
              .math
              .add(scope.linalg.matMul(network.vector(), weights), biases);
      Operand<TFloat32> probabilities = tf.withName(name).nn.softmax(logits);
      return new RetrainedGraph(network.graph().toGraphDef(), probabilities.op().name() + ":0");
    }
  }

  static void checkFree(BackboneGraph network, Backbone backbone, String name) {
    if (network.graph().operation(name) != null) {
      throw new Failure(
          "The network %s has a node '%s' already; choose another --final-tensor-name."
              .formatted(backbone.name(), name));
    }
  }
}

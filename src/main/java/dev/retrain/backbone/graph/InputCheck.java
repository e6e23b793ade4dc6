package dev.retrain.backbone.graph;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Checks that images are all that a backbone's graph must be fed, and that it accepts images. */
public final class InputCheck {
  private static final int RANK = 4;

  private InputCheck() {}

  /**
   * Checks that feature tensors depend on no other placeholder than the input.
   *
   * @param name name of the backbone in messages
   * @param graph the nodes that the feature tensors depend on
   * @param input the input tensor
   * @param tensors the feature tensors
   */
  public static void checkPlaceholders(
      String name, GraphDef graph, String input, List<String> tensors) {
    Map<String, NodeDef> nodes = new HashMap<>();
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    String fed = TensorNames.operation(input);
    if (!nodes.containsKey(fed)) {
      // checkShape reports it, after TensorFlow has reported what is wrong with a damaged graph.
      return;
    }
    for (String needed : GraphIndex.dependencies(nodes, tensors, Set.of(fed))) {
      if (nodes.get(needed).getOp().equals("Placeholder")) {
        throw unfed(name, nodes.get(needed));
      }
    }
  }

  private static RetrainException unfed(String name, NodeDef placeholder) {
    DataType type = NodeDefs.type(placeholder, "dtype");
    String problem =
        "Backbone %s can't be used: it needs a value for the placeholder '%s' (%s), but only images"
                .formatted(name, SafeText.quote(placeholder.getName()), NodeDefs.name(type))
            + " are fed.";
    if (placeholder.getName().contains("learning_phase")) {
      return new RetrainException(
          "%s Freeze the network for inference: call keras.backend.set_learning_phase(0) before the"
              + " model is loaded.",
          problem);
    }
    return type == DataType.DT_FLOAT || type == DataType.DT_UINT8
        ? new RetrainException(
            "%s Set %s to the tensor that accepts images, or freeze the network with a constant"
                + " instead of the placeholder.",
            problem, Setting.INPUT)
        : new RetrainException(
            "%s Freeze the network for inference, with a constant instead of the placeholder.",
            problem);
  }

  /**
   * Checks that the input exists, and its type and shape.
   *
   * @param graph the nodes that the feature tensors depend on
   * @throws IllegalArgumentException if it is not float32
   * @throws RetrainException if it doesn't exist, or its shape is not that of color images
   */
  public static void checkShape(String name, Graph graph, String input) {
    if (graph.operation(TensorNames.operation(input)) == null) {
      throw new RetrainException(
          "Backbone %s can't be used: its feature tensors don't depend on '%s'. Set %s to a tensor that"
              + " they depend on, or choose others with %s.",
          name, TensorNames.operation(input), Setting.INPUT, Setting.BOTTLENECK_TENSOR);
    }
    Shape shape = TensorNames.operand(graph, input).shape();
    if (shape.isUnknown()) {
      return;
    }
    if (shape.numDimensions() != RANK
        || (shape.get(RANK - 1) != Shape.UNKNOWN_SIZE && shape.get(RANK - 1) != 3)) {
      throw new RetrainException(
          "Backbone %s can't be used: input %s has shape %s, but images are fed as [n, height,"
              + " width, 3]. Set %s to a tensor that accepts such images.",
          name, input, shape, Setting.INPUT);
    }
  }
}

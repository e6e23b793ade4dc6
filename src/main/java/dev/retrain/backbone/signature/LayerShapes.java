package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.backbone.signature.GraphSignature.Size;
import dev.retrain.util.TensorFlowRuntime;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** The shapes that TensorFlow infers for the first outputs of a network's nodes. */
final class LayerShapes {
  private static final int CHANNELS = 3;
  private static final Logger LOG = LoggerFactory.getLogger(LayerShapes.class);

  private final Map<String, Shape> shapes = new HashMap<>();

  private LayerShapes() {}

  /**
   * Infers the shapes; where TensorFlow can't import the graph, they are unknown.
   *
   * @param name name of the network in messages
   * @param graph the graph
   * @param input the tensor that accepts images
   * @param size the size of the images
   * @param outputs the tensors whose dependencies are needed
   * @param trusted whether the graph may run whatever its ops are
   * @throws dev.retrain.util.RetrainException if the graph is refused; importing a graph evaluates
   *     constant parts of it
   */
  static LayerShapes infer(
      String name, GraphDef graph, String input, Size size, List<String> outputs, boolean trusted) {
    LayerShapes layers = new LayerShapes();
    GraphDef needed = GraphPruner.keep(cut(graph, input, size), outputs);
    GraphGuard.check(name, needed, trusted);
    try (Graph imported = TensorFlowRuntime.newGraph()) {
      imported.importGraphDef(needed);
      for (Iterator<GraphOperation> all = imported.operations(); all.hasNext(); ) {
        GraphOperation operation = all.next();
        if (operation.numOutputs() > 0) {
          layers.shapes.put(operation.name(), operation.output(0).shape());
        }
      }
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      // The first use of the network reports it.
      LOG.debug("{} can't be imported", name, e);
    }
    return layers;
  }

  /** The graph with a placeholder of the images' size in place of the input. */
  private static GraphDef cut(GraphDef graph, String input, Size size) {
    String operation = TensorNames.operation(input);
    GraphDef.Builder cut = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      boolean replaced = node.getName().equals(operation) && input.endsWith(":0");
      cut.addNode(replaced ? placeholder(node, size) : node);
    }
    return cut.build();
  }

  private static NodeDef placeholder(NodeDef node, Size size) {
    DataType type =
        node.getOp().startsWith("Placeholder") ? NodeDefs.type(node, "dtype") : DataType.DT_FLOAT;
    return NodeDef.newBuilder()
        .setName(node.getName())
        .setOp("Placeholder")
        .putAttr("dtype", NodeDefs.type(type))
        .putAttr(
            "shape",
            AttrValue.newBuilder()
                .setShape(NodeDefs.shape(-1, size.height(), size.width(), CHANNELS))
                .build())
        .build();
  }

  /** The shape of a tensor; unknown if it is not a first output, or TensorFlow doesn't infer it. */
  Shape of(String tensor) {
    Shape shape = shapes.get(TensorNames.operation(tensor));
    return shape == null || !TensorNames.withIndex(tensor).endsWith(":0") ? Shape.unknown() : shape;
  }

  /** The size of a tensor's last dimension; -1 if it is unknown. */
  long channels(String tensor) {
    Shape shape = of(tensor);
    return shape.isUnknown() || shape.numDimensions() < 2
        ? -1
        : shape.get(shape.numDimensions() - 1);
  }
}

package dev.retrain.tensorboard;

import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Prepares graphs for TensorBoard's graph page. */
public final class GraphSummary {
  /** Maximum size in bytes of a constant that keeps its value. */
  private static final int SMALL = 1024;

  private GraphSummary() {}

  /**
   * The same nodes and edges without the values of large constants, which the graph page does not
   * show: an event file of 90 MB becomes one of 200 kB.
   */
  public static GraphDef withoutWeights(GraphDef graph) {
    GraphDef.Builder small = graph.toBuilder().clearNode();
    graph.getNodeList().forEach(node -> small.addNode(withoutValue(node)));
    return small.build();
  }

  private static NodeDef withoutValue(NodeDef node) {
    return node.getOp().equals("Const") && node.getSerializedSize() > SMALL
        ? node.toBuilder().removeAttr("value").build()
        : node;
  }

  /**
   * Connects a training graph to the backbone that computes its feature vectors.
   *
   * @param backbone the backbone's graph
   * @param vector name of the operation that outputs the feature vector
   * @param training the training graph
   * @param placeholder name of the placeholder of the training graph that is fed the vectors
   */
  public static GraphDef connected(
      GraphDef backbone, String vector, GraphDef training, String placeholder) {
    GraphDef.Builder connected = withoutWeights(backbone).toBuilder();
    for (NodeDef node : training.getNodeList()) {
      connected.addNode(node.getName().equals(placeholder) ? fedBy(node, vector) : node);
    }
    return connected.build();
  }

  private static NodeDef fedBy(NodeDef placeholder, String vector) {
    AttrValue type = placeholder.getAttrOrThrow("dtype");
    AttrValue shape = placeholder.getAttrOrThrow("shape");
    return NodeDef.newBuilder()
        .setName(placeholder.getName())
        .setOp("PlaceholderWithDefault")
        .addInput(vector)
        .putAttr("dtype", type)
        .putAttr("shape", shape)
        .build();
  }
}

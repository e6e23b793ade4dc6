package dev.retrain.tensorboard;

import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Makes graphs fit to be shown. */
public final class GraphSummary {
  /** Constants up to this size are shown with their values, in bytes. */
  private static final int SMALL = 1024;

  private GraphSummary() {}

  /**
   * A graph without the values of its large constants: the image is the same, and an event file of
   * 90 MB becomes one of 200 kB.
   *
   * @param graph the graph
   * @return the same nodes and edges
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
   * Puts a training graph behind the network whose vectors it reads: its placeholder then shows
   * where they come from.
   *
   * @param network the network, up to its vector
   * @param vector the vector's operation
   * @param training the training graph
   * @param placeholder the operation in it that vectors are fed at
   * @return one graph
   */
  public static GraphDef joined(
      GraphDef network, String vector, GraphDef training, String placeholder) {
    GraphDef.Builder joined = withoutWeights(network).toBuilder();
    for (NodeDef node : training.getNodeList()) {
      joined.addNode(node.getName().equals(placeholder) ? fedBy(node, vector) : node);
    }
    return joined.build();
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

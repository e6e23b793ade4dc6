package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.TensorNames;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Changes the size of the images that a network takes. */
public final class NetworkResize {
  private NetworkResize() {}

  public static GraphDef resize(GraphDef network, String input, int height, int width) {
    GraphDef.Builder resized = network.toBuilder().clearNode();
    for (NodeDef node : network.getNodeList()) {
      resized.addNode(
          node.getName().equals(TensorNames.operation(input))
              ? node.toBuilder()
                  .putAttr(
                      "shape",
                      AttrValue.newBuilder().setShape(NodeDefs.shape(-1, height, width, 3)).build())
                  .build()
              : node);
    }
    return resized.build();
  }
}

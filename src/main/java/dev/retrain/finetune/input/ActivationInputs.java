package dev.retrain.finetune.input;

import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Feeds the values of a node inside a network, so that the part before it is not computed.
 *
 * @param cut name of the node; its output 0 separates the network into two parts
 * @param shape shape of its values for one image
 */
public record ActivationInputs(String cut, List<Integer> shape) implements NetworkInputs {
  public ActivationInputs {
    shape = List.copyOf(shape);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the network lacks the node
   */
  @Override
  public GraphDef connect(GraphDef network, String input) {
    GraphDef.Builder connected = network.toBuilder().clearNode();
    boolean found = false;
    for (NodeDef node : network.getNodeList()) {
      found |= node.getName().equals(cut);
      connected.addNode(node.getName().equals(cut) ? placeholder() : node);
    }
    if (!found) {
      throw new IllegalArgumentException("the network has no node " + cut);
    }
    return connected.build();
  }

  private NodeDef placeholder() {
    long[] sizes = new long[shape.size() + 1];
    sizes[0] = -1;
    for (int i = 0; i < shape.size(); i++) {
      sizes[i + 1] = shape.get(i);
    }
    return NodeDef.newBuilder()
        .setName(cut)
        .setOp("Placeholder")
        .putAttr("dtype", NodeDefs.type(DataType.DT_FLOAT))
        .putAttr("shape", AttrValue.newBuilder().setShape(NodeDefs.shape(sizes)).build())
        .build();
  }
}

package dev.retrain.finetune.input;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
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
    GraphIndex index = new GraphIndex(network, Set.of());
    if (index.node(cut).isEmpty()) {
      throw new IllegalArgumentException("the network has no node " + cut);
    }
    NodeDef placeholder = NodeDefs.placeholder(cut, batchShape(-1).asArray());
    return index.with(Map.of(cut, List.of(placeholder)));
  }

  /** Shape of the values of a batch; -1 for any number of images. */
  public Shape batchShape(long images) {
    return Shape.of(shape.stream().mapToLong(Integer::longValue).toArray()).prepend(images);
  }

  /** Number of values of an image. */
  public int length() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}

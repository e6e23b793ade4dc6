package dev.retrain.backbone;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The end of a backbone: its bottleneck tensors, averaged over their positions and joined. */
final class Join {
  private Join() {}

  /**
   * Adds the nodes to a graph that holds the network.
   *
   * @param graph the graph
   * @param name the resulting node's name
   * @param bottlenecks the tensors to join
   * @return [n, length] float32
   */
  static Operand<TFloat32> addTo(Graph graph, String name, List<String> bottlenecks) {
    Ops tf = Ops.create(graph).withSubScope(name + "_parts");
    List<Operand<TFloat32>> parts = new ArrayList<>();
    for (String bottleneck : bottlenecks) {
      parts.add(average(tf, Tensors.operand(graph, bottleneck), bottleneck));
    }
    Ops top = Ops.create(graph);
    Operand<TInt32> channels = tf.constant(1);
    return parts.size() == 1
        ? top.withName(name).identity(parts.get(0))
        : top.withName(name).concat(parts, channels);
  }

  private static Operand<TFloat32> average(Ops tf, Operand<TFloat32> tensor, String name) {
    int rank = tensor.shape().numDimensions();
    return switch (rank) {
      case 2 -> tensor;
      case 3 -> tf.math.mean(tensor, tf.constant(new int[] {1}), Mean.keepDims(false));
      case 4 -> tf.math.mean(tensor, tf.constant(new int[] {1, 2}), Mean.keepDims(false));
      default ->
          throw new IllegalArgumentException(
              "the bottleneck tensor %s must have 2, 3 or 4 dimensions (pictures first, channels"
                      .formatted(name)
                  + " last), but has %s".formatted(rank < 0 ? "an unknown number" : rank));
    };
  }
}

package dev.retrain.backbone.graph;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The end of a backbone: its bottlenecks, each averaged over positions, joined to one vector. */
public final class FeatureConcat {
  private FeatureConcat() {}

  /**
   * Adds the nodes to a graph that holds the network.
   *
   * @param graph the graph
   * @param name the resulting node's name
   * @param bottlenecks what to join
   * @return [n, length] float32
   */
  public static Operand<TFloat32> addTo(Graph graph, String name, List<FeatureTensor> bottlenecks) {
    Ops tf = Ops.create(graph).withSubScope(name + "_parts");
    List<Operand<TFloat32>> parts = new ArrayList<>();
    for (FeatureTensor bottleneck : bottlenecks) {
      Operand<TFloat32> tensor = TensorNames.operand(graph, bottleneck.tensor());
      parts.add(
          bottleneck.isMean() ? average(tf, tensor, bottleneck) : cells(tf, tensor, bottleneck));
    }
    Ops top = Ops.create(graph);
    Operand<TInt32> channels = tf.constant(1);
    return parts.size() == 1
        ? top.withName(name).identity(parts.get(0))
        : top.withName(name).concat(parts, channels);
  }

  private static Operand<TFloat32> average(
      Ops tf, Operand<TFloat32> tensor, FeatureTensor bottleneck) {
    int rank = tensor.shape().numDimensions();
    return switch (rank) {
      case 2 -> tensor;
      case 3 -> tf.math.mean(tensor, tf.constant(new int[] {1}), Mean.keepDims(false));
      case 4 -> tf.math.mean(tensor, tf.constant(new int[] {1, 2}), Mean.keepDims(false));
      default ->
          throw new IllegalArgumentException(
              "the bottleneck tensor %s must have 2, 3 or 4 dimensions (images first, channels"
                      .formatted(bottleneck.tensor())
                  + " last), but has %s".formatted(rank < 0 ? "an unknown number" : rank));
    };
  }

  /**
   * Averages over cells of one size, spread evenly from edge to edge. Where they do not divide the
   * positions they overlap: of 7 rows, 2 cells take the first 4 and the last 4.
   *
   * @return [n, rows * columns * channels]: cell after cell, row by row
   */
  private static Operand<TFloat32> cells(
      Ops tf, Operand<TFloat32> tensor, FeatureTensor bottleneck) {
    Shape shape = tensor.shape();
    if (shape.numDimensions() != 4
        || shape.get(1) < bottleneck.rows()
        || shape.get(2) < bottleneck.columns()
        || shape.get(3) < 1) {
      throw new IllegalArgumentException(
          "the bottleneck %s needs a tensor of at least %d rows and %d columns of positions, known"
                  .formatted(bottleneck, bottleneck.rows(), bottleneck.columns())
              + " from the graph, but %s is %s".formatted(bottleneck.tensor(), shape));
    }
    long down = shape.get(1) / bottleneck.rows();
    long right = shape.get(2) / bottleneck.columns();
    long high = shape.get(1) - down * (bottleneck.rows() - 1);
    long wide = shape.get(2) - right * (bottleneck.columns() - 1);
    Operand<TFloat32> averages =
        tf.nn.avgPool(tensor, List.of(1L, high, wide, 1L), List.of(1L, down, right, 1L), "VALID");
    int length = Math.toIntExact(shape.get(3) * bottleneck.rows() * bottleneck.columns());
    return tf.reshape(averages, tf.constant(new int[] {-1, length}));
  }
}

package dev.retrain.backbone.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** Averages feature tensors over positions, and concatenates them into one vector per image. */
public final class FeatureConcat {
  private FeatureConcat() {}

  /**
   * Adds the nodes to the graph of a backbone.
   *
   * @param graph the graph
   * @param name the name of the resulting node
   * @param features the feature tensors, in order
   * @param probe finds the shape of a tensor whose rank TensorFlow doesn't infer
   * @return the vectors, [n, length] float32
   * @throws IllegalArgumentException if a tensor does not exist or has an unsuitable type or shape
   */
  public static Operand<TFloat32> addTo(
      Graph graph, String name, List<FeatureTensor> features, ShapeProbe probe) {
    Ops tf = Ops.create(graph).withSubScope(name + "_parts");
    List<Operand<TFloat32>> parts = new ArrayList<>();
    for (FeatureTensor feature : features) {
      Operand<TFloat32> tensor = float32(tf, TensorNames.floating(graph, feature.tensor()));
      if (tensor.shape().isUnknown()) {
        tensor = tf.ensureShape(tensor, probe.shape(feature.tensor()));
      }
      parts.add(feature.isMean() ? average(tf, tensor, feature) : cells(tf, tensor, feature));
    }
    Ops top = Ops.create(graph);
    Operand<TInt32> channels = tf.constant(1);
    return parts.size() == 1
        ? top.withName(name).identity(parts.get(0))
        : top.withName(name).concat(parts, channels);
  }

  private static Operand<TFloat32> float32(Ops tf, Operand<? extends TFloating> tensor) {
    Output<? extends TFloating> output = tensor.asOutput();
    return output.dataType() == DataType.DT_FLOAT
        ? output.expect(TFloat32.class)
        : tf.dtypes.cast(tensor, TFloat32.class);
  }

  private static Operand<TFloat32> average(
      Ops tf, Operand<TFloat32> tensor, FeatureTensor feature) {
    int rank = tensor.shape().numDimensions();
    return switch (rank) {
      case 2 -> tensor;
      case 3 -> tf.math.mean(tensor, tf.constant(new int[] {1}), Mean.keepDims(false));
      case 4 -> tf.math.mean(tensor, tf.constant(new int[] {1, 2}), Mean.keepDims(false));
      default ->
          throw new IllegalArgumentException(
              "feature tensor %s must have 2, 3 or 4 dimensions (images first, channels last), but"
                      .formatted(feature.tensor())
                  + " has %s".formatted(rank < 0 ? "an unknown number" : rank));
    };
  }

  /**
   * Averages over the cells of a grid. Cells have equal size and cover all positions; if they do
   * not divide them evenly, they overlap: of 7 rows, 2 cells cover the first 4 and the last 4.
   *
   * @return [n, rows * columns * channels], row-major
   */
  private static Operand<TFloat32> cells(Ops tf, Operand<TFloat32> tensor, FeatureTensor feature) {
    Shape shape = tensor.shape();
    if (shape.numDimensions() != 4
        || shape.get(1) < feature.rows()
        || shape.get(2) < feature.columns()
        || shape.get(3) < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "feature tensor %s needs at least %d rows and %d columns in the graph, but %s has shape %s",
              feature,
              feature.rows(),
              feature.columns(),
              feature.tensor(),
              shape));
    }
    long rowStride = shape.get(1) / feature.rows();
    long columnStride = shape.get(2) / feature.columns();
    long height = shape.get(1) - rowStride * (feature.rows() - 1);
    long width = shape.get(2) - columnStride * (feature.columns() - 1);
    Operand<TFloat32> averages =
        tf.nn.avgPool(
            tensor,
            List.of(1L, height, width, 1L),
            List.of(1L, rowStride, columnStride, 1L),
            "VALID");
    int length = Math.toIntExact(shape.get(3) * feature.rows() * feature.columns());
    return tf.reshape(averages, tf.constant(new int[] {-1, length}));
  }
}

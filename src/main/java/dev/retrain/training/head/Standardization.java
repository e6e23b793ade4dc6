package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Makes every component of the vectors alike in place and spread, {@code (x - mean) * scale}, so
 * that one learning rate fits all of them. The layer that is trained on it is folded back, so a
 * model knows nothing of it.
 *
 * <p>The arrays are not to be changed.
 */
final class Standardization {
  /** Vectors looked at in one piece. */
  private static final int PIECE = 8192;

  /** Components that vary less than this share of the usual are not blown up to it. */
  private static final double FLOOR = 0.01;

  private final float[] mean;
  private final float[] scale;

  private Standardization(float[] mean, float[] scale) {
    this.mean = mean;
    this.scale = scale;
  }

  /** [length]: subtracted. */
  float[] mean() {
    return mean;
  }

  /** [length]: multiplied by afterwards. */
  float[] scale() {
    return scale;
  }

  /** Leaves vectors as they are. */
  static Standardization none(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return new Standardization(new float[length], ones);
  }

  /** Mean 0 and standard deviation 1 over these vectors. */
  static Standardization fit(Vectors vectors) {
    int length = vectors.length();
    double[] mean = new double[length];
    double[] squares = new double[length];
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, length)));
      Operand<TFloat32> pieceMean = tf.math.mean(x, tf.constant(new int[] {0}));
      Operand<TFloat32> pieceVariance =
          tf.math.mean(tf.math.squaredDifference(x, pieceMean), tf.constant(new int[] {0}));
      try (Session session = new Session(graph, SessionConfigs.SINGLE_THREADED)) {
        for (int from = 0; from < vectors.count(); from += PIECE) {
          int to = Math.min(from + PIECE, vectors.count());
          try (BatchTensors piece = new BatchTensors(vectors, IntStream.range(from, to).toArray());
              Result result =
                  session
                      .runner()
                      .feed(x, piece.vectors())
                      .fetch(pieceMean)
                      .fetch(pieceVariance)
                      .run()) {
            merge(
                mean,
                squares,
                from,
                FetchedTensors.floats(result.get(0)),
                FetchedTensors.floats(result.get(1)),
                to - from);
          }
        }
      }
    }
    return scaled(mean, squares, vectors.count());
  }

  // Chan, Golub and LeVeque 1979: the moments of a whole from those of its parts.
  private static void merge(
      double[] mean, double[] squares, int before, float[] newMean, float[] newVariance, int more) {
    double all = (double) before + more;
    for (int i = 0; i < mean.length; i++) {
      double step = newMean[i] - mean[i];
      mean[i] += step * more / all;
      squares[i] += newVariance[i] * more + step * step * before * more / all;
    }
  }

  private static Standardization scaled(double[] mean, double[] squares, int count) {
    double usual = Math.sqrt(Arrays.stream(squares).average().orElse(0) / count);
    float[] means = new float[mean.length];
    float[] scales = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      double stddev = Math.max(Math.sqrt(squares[i] / count), FLOOR * usual);
      means[i] = (float) mean[i];
      // All vectors equal: nothing can be told from them, but nothing is to break either.
      scales[i] = stddev > 0 ? (float) (1 / stddev) : 1;
    }
    return new Standardization(means, scales);
  }
}

package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.batch.VectorTensor;
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
 * Standardization of feature vectors, {@code (x - mean) * scale}: it gives every component the same
 * mean and variance, so that one learning rate suits them all. After the training it is folded into
 * the first layer.
 *
 * <p>The arrays must not be changed.
 */
final class Standardization {
  /** Vectors per batch. */
  private static final int BATCH_SIZE = 8192;

  /** Minimum standard deviation of a component, as a fraction of the root mean square of all. */
  private static final double MIN_STDDEV = 0.01;

  private final float[] mean;
  private final float[] scale;

  private Standardization(float[] mean, float[] scale) {
    this.mean = mean;
    this.scale = scale;
  }

  /** [length]: what is subtracted from each component. */
  float[] mean() {
    return mean;
  }

  /** [length]: the factor of each component, after the subtraction. */
  float[] scale() {
    return scale;
  }

  /** The identity: mean 0 and scale 1. */
  static Standardization none(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return new Standardization(new float[length], ones);
  }

  /**
   * Computes the standardization that gives these vectors mean 0 and standard deviation 1. A
   * component that hardly varies gets a smaller standard deviation instead of a very large scale.
   *
   * @param vectors at least one; if all are equal, the scale is 1
   */
  static Standardization fit(Vectors vectors) {
    int length = vectors.length();
    double[] mean = new double[length];
    double[] squares = new double[length];
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, length)));
      Operand<TFloat32> batchMean = tf.math.mean(x, tf.constant(new int[] {0}));
      Operand<TFloat32> batchVariance =
          tf.math.mean(tf.math.squaredDifference(x, batchMean), tf.constant(new int[] {0}));
      try (Session session = new Session(graph, SessionConfigs.SINGLE_THREADED)) {
        for (int from = 0; from < vectors.count(); from += BATCH_SIZE) {
          int to = Math.min(from + BATCH_SIZE, vectors.count());
          try (VectorTensor batch = new VectorTensor(vectors, IntStream.range(from, to).toArray());
              Result result =
                  session
                      .runner()
                      .feed(x, batch.tensor())
                      .fetch(batchMean)
                      .fetch(batchVariance)
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
    return create(mean, squares, vectors.count());
  }

  // T. Chan, G. Golub and R. LeVeque, 1979: combines the moments of two sets.
  private static void merge(
      double[] mean,
      double[] squares,
      int count,
      float[] batchMean,
      float[] batchVariance,
      int batchSize) {
    double total = (double) count + batchSize;
    for (int i = 0; i < mean.length; i++) {
      double difference = batchMean[i] - mean[i];
      mean[i] += difference * batchSize / total;
      squares[i] +=
          batchVariance[i] * batchSize + difference * difference * count * batchSize / total;
    }
  }

  private static Standardization create(double[] mean, double[] squares, int count) {
    double rms = Math.sqrt(Arrays.stream(squares).average().orElse(0) / count);
    float[] means = new float[mean.length];
    float[] scales = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      double stddev = Math.max(Math.sqrt(squares[i] / count), MIN_STDDEV * rms);
      means[i] = (float) mean[i];
      // If all vectors are equal, there is nothing to scale.
      scales[i] = stddev > 0 ? (float) (1 / stddev) : 1;
    }
    return new Standardization(means, scales);
  }
}

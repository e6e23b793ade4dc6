package dev.retrain.backbone.signature.range;

import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.backbone.rewrite.GraphPasses;
import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.util.RunWatchdog;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Runs images through a network up to its first batch normalization, and compares the statistics of
 * its input with those that it stores.
 *
 * <p>Owns the graph and the session.
 */
final class BatchNormProbe implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final String name;
  private final String input;
  private final FirstBatchNorm norm;
  private final int height;
  private final int width;
  private final Graph graph = TensorFlowRuntime.newGraph();
  private final Session session;
  private final Operand<TFloat64> sums;
  private final Operand<TFloat64> squares;
  private final Operand<TFloat64> counts;

  /**
   * How well a normalization fits.
   *
   * @param normalization the normalization
   * @param varianceRatio the variance of the images over the stored one, median of the channels; 1
   *     if the images are those of the training
   * @param distance of the means, in stored standard deviations, median of the channels; NaN if no
   *     mean is stored
   */
  record Fit(Normalization normalization, double varianceRatio, double distance) {}

  /**
   * @param name name of the network in messages
   * @param definition the graph
   * @param input the tensor that accepts images
   * @param norm its first batch normalization
   * @param trusted whether the graph may run whatever its ops are
   * @param height rows of the images
   * @param width columns of the images
   * @throws dev.retrain.util.RetrainException if the graph is refused
   */
  BatchNormProbe(
      String name,
      GraphDef definition,
      String input,
      FirstBatchNorm norm,
      boolean trusted,
      int height,
      int width) {
    this.name = name;
    this.input = input;
    this.norm = norm;
    this.height = height;
    this.width = width;
    GraphDef needed = GraphPruner.keep(definition, List.of(norm.tensor()));
    GraphGuard.check(name, needed, trusted);
    try {
      graph.importGraphDef(GraphPasses.unfixBatchDimension(needed));
      Ops tf = Ops.create(graph);
      Operand<TFloat64> rows =
          tf.reshape(
              tf.dtypes.cast(TensorNames.floating(graph, norm.tensor()), TFloat64.class),
              tf.constant(new int[] {-1, norm.variance().size()}));
      sums = tf.reduceSum(rows, tf.constant(0));
      squares = tf.reduceSum(tf.math.square(rows), tf.constant(0));
      counts = tf.reduceSum(tf.onesLike(rows), tf.constant(0));
      session = new Session(graph, SessionConfigs.SINGLE_THREADED);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Measures how well a normalization fits.
   *
   * @param images each [height, width, 3], flat, red, green and blue from 0 to 255
   * @param normalization the normalization
   */
  Fit measure(List<float[]> images, Normalization normalization) {
    int channels = norm.variance().size();
    double[] sum = new double[channels];
    double[] square = new double[channels];
    double[] count = new double[channels];
    for (float[] image : images) {
      try (TFloat32 fed =
              TFloat32.tensorOf(
                  Shape.of(1, height, width, CHANNELS),
                  DataBuffers.of(normalized(image, normalization)));
          Result result = run(fed)) {
        add(result, 0, sum);
        add(result, 1, square);
        add(result, 2, count);
      }
    }
    double[] ratios = new double[channels];
    double[] distances = new double[channels];
    for (int i = 0; i < channels; i++) {
      double mean = sum[i] / count[i];
      ratios[i] = (square[i] / count[i] - mean * mean) / norm.variance().get(i);
      distances[i] =
          norm.mean().size() == channels
              ? Math.abs(mean - norm.mean().get(i)) / Math.sqrt(norm.variance().get(i))
              : Double.NaN;
    }
    return new Fit(normalization, median(ratios), median(distances));
  }

  private Result run(TFloat32 fed) {
    return RunWatchdog.watch(
        "Backbone " + name,
        () -> session.runner().feed(input, fed).fetch(sums).fetch(squares).fetch(counts).run());
  }

  private static void add(Result result, int index, double[] totals) {
    double[] values = new double[totals.length];
    ((TFloat64) result.get(index)).asRawTensor().data().asDoubles().read(values);
    for (int i = 0; i < totals.length; i++) {
      totals[i] += values[i];
    }
  }

  /** What {@link Normalization} does, on one image in memory. */
  private static float[] normalized(float[] image, Normalization normalization) {
    float[] values = new float[image.length];
    boolean reversed = normalization.channels() == ChannelOrder.BGR;
    for (int i = 0; i < image.length; i++) {
      int channel = i % CHANNELS;
      int target = reversed ? i - channel + CHANNELS - 1 - channel : i;
      values[target] = (image[i] - normalization.mean(channel)) * (1 / normalization.std(channel));
    }
    return values;
  }

  /** The median of the channels that are not constant in training; NaN if there are none. */
  private double median(double[] values) {
    double[] used =
        IntStream.range(0, values.length)
            .filter(i -> norm.variance().get(i) > 0)
            .mapToDouble(i -> values[i])
            .toArray();
    Arrays.sort(used);
    return used.length == 0 ? Double.NaN : used[used.length / 2];
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

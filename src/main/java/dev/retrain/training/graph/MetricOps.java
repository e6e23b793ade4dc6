package dev.retrain.training.graph;

import dev.retrain.training.loss.LossOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

/**
 * The forward pass of a batch, its loss and accuracy, and summaries for TensorBoard.
 *
 * @param target the labels of the batch
 * @param outputs the hidden layers' activations, then the logits; the histograms are made from
 *     these, the weights and the biases
 * @param logits [n, classes]
 * @param loss mean loss of the objective without label smoothing and weights, in nats
 * @param metric accuracy or mean average precision, 0 to 1
 * @param statistics summary: mean, standard deviation, maximum and minimum of the final layer's
 *     weights and biases
 * @param histograms summary: histograms of weights, biases and outputs
 */
public record MetricOps(
    LossOps target,
    List<Operand<TFloat32>> outputs,
    Operand<TFloat32> logits,
    Operand<TFloat32> loss,
    Operand<TFloat32> metric,
    Operand<TString> statistics,
    Operand<TString> histograms) {
  /** Maximum number of images in a histogram of outputs. */
  private static final int HISTOGRAM_ROWS = 1000;

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(new int[] {0}));
  }

  /**
   * Adds the forward pass and the metrics.
   *
   * @param target the labels of the batch
   * @param x [n, inputs]: the vectors
   * @param layers the layers of the forward pass
   * @param summarized the layers whose weights and biases are summarized, as many as {@code layers}
   * @param dropout dropout of the hidden layers
   */
  public static MetricOps build(
      LossOps target,
      Operand<TFloat32> x,
      List<DenseOps> layers,
      List<DenseOps> summarized,
      DropoutOps dropout) {
    Operand<TFloat32> values = x;
    List<Operand<TFloat32>> outputs = new ArrayList<>();
    List<Operand<TString>> histograms = new ArrayList<>();
    for (int i = 0; i < layers.size() - 1; i++) {
      Ops scope = layers.get(i).scope();
      Operand<TFloat32> activations =
          scope.withName("activations").nn.relu(layers.get(i).apply(values));
      addHistograms(scope, summarized.get(i), layers.get(i).name() + "/", histograms);
      histograms.add(
          histogram(scope, layers.get(i).name() + "/activations", firstRows(scope, activations)));
      outputs.add(activations);
      values = dropout.apply(scope, activations, i);
    }
    DenseOps last = layers.get(layers.size() - 1);
    outputs.add(last.apply(values));
    return build(target, outputs, summarized.get(layers.size() - 1), histograms);
  }

  private static MetricOps build(
      LossOps target,
      List<Operand<TFloat32>> outputs,
      DenseOps summarized,
      List<Operand<TString>> hiddenHistograms) {
    Ops tf = summarized.scope();
    Operand<TFloat32> logits = outputs.get(outputs.size() - 1);
    Operand<TFloat32> loss =
        mean(tf.withName(target.objective().lossName()), target.losses(tf, logits, 0));
    Operand<TFloat32> metric = target.metric(tf, logits);
    List<Operand<TString>> statistics = new ArrayList<>();
    addStatistics(tf, "weights", summarized.weights(), statistics);
    addStatistics(tf, "biases", summarized.biases(), statistics);
    List<Operand<TString>> histograms = new ArrayList<>();
    addHistograms(tf, summarized, "", histograms);
    Operand<TFloat32> firstLogits = firstRows(tf, logits);
    histograms.add(histogram(tf, "pre_activations", firstLogits));
    histograms.add(
        histogram(
            tf,
            "activations",
            LossOps.probabilities(tf.withName("activations"), target.objective(), firstLogits)));
    histograms.addAll(hiddenHistograms);
    return new MetricOps(
        target,
        outputs,
        logits,
        loss,
        metric,
        tf.withName("statistics").summary.mergeSummary(statistics),
        tf.withName("histograms").summary.mergeSummary(histograms));
  }

  /**
   * Adds the loss that is minimized.
   *
   * @param smoothing label smoothing, 0 for none
   * @param weights [n]: the weight of each image; absent if all count the same
   */
  public Operand<TFloat32> trainingLoss(
      Ops tf, double smoothing, Optional<? extends Operand<TFloat32>> weights) {
    if (smoothing == 0 && weights.isEmpty()) {
      return loss;
    }
    Operand<TFloat32> losses = target.losses(tf, logits, smoothing);
    return mean(tf, weights.isEmpty() ? losses : tf.math.mul(losses, weights.get()));
  }

  private static void addHistograms(
      Ops tf, DenseOps layer, String prefix, List<Operand<TString>> summaries) {
    summaries.add(histogram(tf, prefix + "weights/histogram", layer.weights()));
    summaries.add(histogram(tf, prefix + "biases/histogram", layer.biases()));
  }

  private static Operand<TFloat32> firstRows(Ops tf, Operand<TFloat32> rows) {
    return tf.stridedSlice(rows, Indices.sliceTo(HISTOGRAM_ROWS), Indices.all());
  }

  private static Operand<TString> histogram(Ops tf, String tag, Operand<TFloat32> values) {
    return tf.summary.histogramSummary(tf.constant(tag), values);
  }

  private static void addStatistics(
      Ops tf, String name, Operand<TFloat32> x, List<Operand<TString>> summaries) {
    Operand<TFloat32> flat = tf.reshape(x, tf.constant(new int[] {-1}));
    Operand<TInt32> axis = tf.constant(0);
    Operand<TFloat32> mean = tf.math.mean(flat, axis);
    Operand<TFloat32> stddev =
        tf.math.sqrt(tf.math.mean(tf.math.square(tf.math.sub(flat, mean)), axis));
    summaries.add(scalarSummary(tf, name + "/mean", mean));
    summaries.add(scalarSummary(tf, name + "/stddev", stddev));
    summaries.add(scalarSummary(tf, name + "/max", tf.max(flat, axis)));
    summaries.add(scalarSummary(tf, name + "/min", tf.min(flat, axis)));
  }

  /** Adds a scalar summary with a tag. */
  public static Operand<TString> scalarSummary(Ops tf, String tag, Operand<TFloat32> value) {
    return tf.summary.scalarSummary(tf.constant(tag), value);
  }
}

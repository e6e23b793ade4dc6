package dev.retrain.training.graph;

import dev.retrain.training.DenseOps;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

/**
 * What is to be known of a batch, and of the layers it passes, in a graph.
 *
 * @param labels [n]
 * @param outputs what the histograms show beside weights and biases: the hidden layers'
 *     activations, then the logits
 * @param logits [n, classes]
 * @param loss mean cross-entropy, nats
 * @param accuracy share told, 0 to 1
 * @param statistics a summary: what the final layer's weights and biases are like
 * @param histograms a summary: of weights, biases and outputs
 */
public record MetricOps(
    Operand<TInt32> labels,
    List<Operand<TFloat32>> outputs,
    Operand<TFloat32> logits,
    Operand<TFloat32> loss,
    Operand<TFloat32> accuracy,
    Operand<TString> statistics,
    Operand<TString> histograms) {
  /** Images whose outputs are in a histogram, at most: more would not change its shape. */
  private static final int HISTOGRAM_ROWS = 1000;

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(new int[] {0}));
  }

  /**
   * Adds the way from vectors to figures.
   *
   * @param labels [n]
   * @param x [n, inputs]: vectors
   * @param layers what they pass
   * @param shown the same layers as they are shown
   * @param dropout what hidden layers leave out
   */
  public static MetricOps build(
      Operand<TInt32> labels,
      Operand<TFloat32> x,
      List<DenseOps> layers,
      List<DenseOps> shown,
      DropoutOps dropout) {
    Operand<TFloat32> values = x;
    List<Operand<TFloat32>> outputs = new ArrayList<>();
    List<Operand<TString>> histograms = new ArrayList<>();
    for (int i = 0; i < layers.size() - 1; i++) {
      Ops scope = layers.get(i).scope();
      Operand<TFloat32> activations =
          scope.withName("activations").nn.relu(layers.get(i).apply(values));
      addHistograms(scope, shown.get(i), layers.get(i).name() + "/", histograms);
      histograms.add(
          histogram(scope, layers.get(i).name() + "/activations", firstRows(scope, activations)));
      outputs.add(activations);
      values = dropout.of(scope, activations, i);
    }
    DenseOps last = layers.get(layers.size() - 1);
    outputs.add(last.apply(values));
    return build(labels, outputs, shown.get(layers.size() - 1), histograms);
  }

  private static MetricOps build(
      Operand<TInt32> labels,
      List<Operand<TFloat32>> outputs,
      DenseOps shown,
      List<Operand<TString>> hidden) {
    Ops tf = shown.scope();
    Operand<TFloat32> logits = outputs.get(outputs.size() - 1);
    Operand<TFloat32> loss =
        mean(tf.withName("cross_entropy"), crossEntropy(tf, labels, logits, 0));
    Operand<TInt32> predicted = tf.math.argMax(logits, tf.constant(1), TInt32.class);
    Operand<TFloat32> accuracy =
        mean(
            tf.withName("accuracy"),
            tf.dtypes.cast(tf.math.equal(predicted, labels), TFloat32.class));
    List<Operand<TString>> statistics = new ArrayList<>();
    addStatistics(tf, "weights", shown.weights(), statistics);
    addStatistics(tf, "biases", shown.biases(), statistics);
    List<Operand<TString>> histograms = new ArrayList<>();
    addHistograms(tf, shown, "", histograms);
    Operand<TFloat32> shownLogits = firstRows(tf, logits);
    histograms.add(histogram(tf, "pre_activations", shownLogits));
    histograms.add(
        histogram(tf, "activations", tf.withName("activations").nn.softmax(shownLogits)));
    histograms.addAll(hidden);
    return new MetricOps(
        labels,
        outputs,
        logits,
        loss,
        accuracy,
        tf.withName("statistics").summary.mergeSummary(statistics),
        tf.withName("histograms").summary.mergeSummary(histograms));
  }

  /** [n]: of the labels, or of labels of which a share is spread over all classes. */
  private static Operand<TFloat32> crossEntropy(
      Ops tf, Operand<TInt32> labels, Operand<TFloat32> logits, double smoothing) {
    int classes = Math.toIntExact(logits.shape().get(1));
    Operand<TFloat32> targets =
        tf.oneHot(
            labels,
            tf.constant(classes),
            tf.constant((float) (1 - smoothing + smoothing / classes)),
            tf.constant((float) (smoothing / classes)));
    // The sparse op has no gradient in TensorFlow's C API.
    return tf.nn.softmaxCrossEntropyWithLogits(logits, targets).loss();
  }

  /**
   * Adds the loss that is learnt from.
   *
   * @param smoothing share of each label that is spread over all classes
   */
  public Operand<TFloat32> smoothedLoss(Ops tf, double smoothing) {
    return smoothing == 0 ? loss : mean(tf, crossEntropy(tf, labels, logits, smoothing));
  }

  private static void addHistograms(
      Ops tf, DenseOps layer, String prefix, List<Operand<TString>> parts) {
    parts.add(histogram(tf, prefix + "weights/histogram", layer.weights()));
    parts.add(histogram(tf, prefix + "biases/histogram", layer.biases()));
  }

  private static Operand<TFloat32> firstRows(Ops tf, Operand<TFloat32> rows) {
    return tf.stridedSlice(rows, Indices.sliceTo(HISTOGRAM_ROWS), Indices.all());
  }

  private static Operand<TString> histogram(Ops tf, String tag, Operand<TFloat32> values) {
    return tf.summary.histogramSummary(tf.constant(tag), values);
  }

  private static void addStatistics(
      Ops tf, String name, Operand<TFloat32> x, List<Operand<TString>> parts) {
    Operand<TFloat32> flat = tf.reshape(x, tf.constant(new int[] {-1}));
    Operand<TInt32> axis = tf.constant(0);
    Operand<TFloat32> mean = tf.math.mean(flat, axis);
    Operand<TFloat32> stddev =
        tf.math.sqrt(tf.math.mean(tf.math.square(tf.math.sub(flat, mean)), axis));
    parts.add(scalarSummary(tf, name + "/mean", mean));
    parts.add(scalarSummary(tf, name + "/stddev", stddev));
    parts.add(scalarSummary(tf, name + "/max", tf.max(flat, axis)));
    parts.add(scalarSummary(tf, name + "/min", tf.min(flat, axis)));
  }

  public static Operand<TString> scalarSummary(Ops tf, String tag, Operand<TFloat32> value) {
    return tf.summary.scalarSummary(tf.constant(tag), value);
  }
}

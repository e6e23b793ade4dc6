package dev.retrain.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A classifier's output for images with known classes: the source of all metrics and reports.
 *
 * <p>Immutable. Arrays passed in are not copied, so the caller must not change them.
 */
public final class Predictions {
  /** Lower limit of a probability in the loss, as in scikit-learn's {@code log_loss}. */
  private static final double MIN_PROBABILITY = Math.ulp(1.0);

  private final List<String> labels;
  private final List<String> names;
  private final int[] actual;
  private final float[] scores;
  private final boolean logarithmic;

  /**
   * @param labels the classes, in the order of the model's outputs, at least one
   * @param names the name of each image
   * @param actual the class of each image, an index of {@code labels}
   * @param probabilities [images, classes], flat; each row sums to 1
   */
  public Predictions(List<String> labels, List<String> names, int[] actual, float[] probabilities) {
    this(labels, names, actual, probabilities, false);
  }

  private Predictions(
      List<String> labels, List<String> names, int[] actual, float[] scores, boolean logarithmic) {
    if (labels.isEmpty()
        || actual.length != names.size()
        || scores.length != (long) names.size() * labels.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d images and %d classes do not match %d actual classes and %d probabilities",
              names.size(),
              labels.size(),
              actual.length,
              scores.length));
    }
    for (int label : actual) {
      if (label < 0 || label >= labels.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "class %d is out of range: there are %d classes",
                label,
                labels.size()));
      }
    }
    this.labels = List.copyOf(labels);
    this.names = List.copyOf(names);
    this.actual = actual;
    this.scores = scores;
    this.logarithmic = logarithmic;
  }

  /**
   * Predictions whose loss is exact even where a probability underflows to 0.
   *
   * @param labels the classes, in the order of the model's outputs, at least one
   * @param names the name of each image
   * @param actual the class of each image, an index of {@code labels}
   * @param logProbabilities [images, classes], flat: natural logarithms
   */
  public static Predictions ofLogProbabilities(
      List<String> labels, List<String> names, int[] actual, float[] logProbabilities) {
    return new Predictions(labels, names, actual, logProbabilities, true);
  }

  /** The classes, in the order of the model's outputs. */
  public List<String> labels() {
    return labels;
  }

  /** Number of classes. */
  public int classes() {
    return labels.size();
  }

  /** Number of images; may be 0. */
  public int count() {
    return actual.length;
  }

  /**
   * @param index 0 to count - 1
   * @return the name of that image
   */
  public String name(int index) {
    return names.get(index);
  }

  /**
   * @param index 0 to count - 1
   * @return the actual class of that image
   */
  public int actual(int index) {
    return actual[index];
  }

  /**
   * @param index 0 to count - 1
   * @param label a class
   * @return the probability of that class for that image, 0 to 1
   */
  public float probability(int index, int label) {
    float score = score(index, label);
    return logarithmic ? (float) Math.exp(score) : score;
  }

  /** A monotonic function of the probability. */
  private float score(int index, int label) {
    return scores[index * classes() + label];
  }

  /**
   * @param index 0 to count - 1
   * @return [classes]: the probabilities for that image
   */
  public float[] probabilities(int index) {
    float[] probabilities = Arrays.copyOfRange(scores, index * classes(), (index + 1) * classes());
    for (int label = 0; logarithmic && label < classes(); label++) {
      probabilities[label] = probability(index, label);
    }
    return probabilities;
  }

  /**
   * @param index 0 to count - 1
   * @return the most probable class; the first one where several are equal
   */
  public int predicted(int index) {
    int best = 0;
    for (int label = 1; label < classes(); label++) {
      if (score(index, label) > score(index, best)) {
        best = label;
      }
    }
    return best;
  }

  /**
   * @param index 0 to count - 1
   * @return the probability of the most probable class, 0 to 1
   */
  public float confidence(int index) {
    return probability(index, predicted(index));
  }

  /**
   * @param index 0 to count - 1
   * @return whether the most probable class is the actual class
   */
  public boolean correct(int index) {
    return predicted(index) == actual(index);
  }

  /**
   * @param index 0 to count - 1
   * @return the cross-entropy of that image, {@code -log(p)} of its actual class, in nats; where
   *     only probabilities are known, p is at least 2.2e-16
   */
  double loss(int index) {
    double score = score(index, actual(index));
    return logarithmic ? -score : -Math.log(Math.max(MIN_PROBABILITY, score));
  }

  /**
   * @param index 0 to count - 1
   * @param k at least 1
   * @return whether the actual class is among the {@code k} most probable classes
   */
  boolean isAmongTop(int index, int k) {
    int label = actual(index);
    float own = score(index, label);
    int before = 0;
    for (int other = 0; other < classes(); other++) {
      float score = score(index, other);
      if (score > own || (score == own && other < label)) {
        before++;
      }
    }
    return before < k;
  }

  /**
   * @param index 0 to count - 1
   * @param k at least 1
   * @return the {@code k} most probable classes, or all of them if there are fewer, in descending
   *     order of probability; equal ones in the order of the classes
   */
  public int[] top(int index, int k) {
    return IntStream.range(0, classes())
        .boxed()
        .sorted(Comparator.comparing((Integer label) -> -score(index, label)))
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Indexes of the misclassified images, in ascending order. */
  public List<Integer> misclassified() {
    return IntStream.range(0, count()).filter(index -> !correct(index)).boxed().toList();
  }

  /**
   * @return indexes of the misclassified images in descending order of confidence; equal ones in
   *     ascending order
   */
  public List<Integer> mostConfidentMistakes() {
    return misclassified().stream()
        .sorted(Comparator.comparing((Integer index) -> -confidence(index)))
        .toList();
  }
}

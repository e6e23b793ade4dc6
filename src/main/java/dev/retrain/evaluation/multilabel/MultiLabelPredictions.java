package dev.retrain.evaluation.multilabel;

import dev.retrain.bottleneck.Vectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The output of a classifier for images with any number of classes, and their actual classes.
 *
 * <p>Immutable. Arrays passed in are not copied, so the caller must not change them.
 */
public final class MultiLabelPredictions {
  private final List<String> labels;
  private final List<String> names;
  private final float[] actual;
  private final float[] probabilities;
  private final float[] thresholds;

  /**
   * @param labels the classes, in the order of the model's outputs, at least one
   * @param names the name of each image
   * @param actual [images, classes], flat: 1 for each class of an image, otherwise 0
   * @param probabilities [images, classes], flat; each 0 to 1
   * @param thresholds [classes]: a class is predicted if its probability is at least this
   */
  public MultiLabelPredictions(
      List<String> labels,
      List<String> names,
      float[] actual,
      float[] probabilities,
      float[] thresholds) {
    long cells = (long) names.size() * labels.size();
    if (actual.length != cells
        || probabilities.length != cells
        || thresholds.length != labels.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the sizes do not match: images %d, classes %d, actual values %d, probabilities %d,"
                  + " thresholds %d",
              names.size(),
              labels.size(),
              actual.length,
              probabilities.length,
              thresholds.length));
    }
    this.labels = List.copyOf(labels);
    this.names = List.copyOf(names);
    this.actual = actual;
    this.probabilities = probabilities;
    this.thresholds = thresholds;
  }

  /**
   * Predictions for vectors.
   *
   * @param labels the classes
   * @param vectors the vectors with the names and classes of their images
   * @param probabilities [count, classes], flat
   * @param thresholds [classes]
   */
  public static MultiLabelPredictions of(
      List<String> labels, Vectors vectors, float[] probabilities, float[] thresholds) {
    float[] actual = new float[Math.multiplyExact(vectors.count(), labels.size())];
    for (int i = 0; i < vectors.count(); i++) {
      for (int label : vectors.labels(i)) {
        actual[i * labels.size() + label] = 1;
      }
    }
    return new MultiLabelPredictions(
        labels,
        IntStream.range(0, vectors.count()).mapToObj(vectors::name).toList(),
        actual,
        probabilities,
        thresholds);
  }

  /** The same predictions with other thresholds. */
  public MultiLabelPredictions withThresholds(float[] others) {
    return new MultiLabelPredictions(labels, names, actual, probabilities, others);
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
    return names.size();
  }

  /** The name of an image, by its index from 0. */
  public String name(int index) {
    return names.get(index);
  }

  /** Whether an image has a class. */
  public boolean actual(int index, int label) {
    return actual[index * classes() + label] > 0.5f;
  }

  /** The probability of a class for an image, 0 to 1. */
  public float probability(int index, int label) {
    return probabilities[index * classes() + label];
  }

  /** Whether a class is predicted for an image: its probability is at least its threshold. */
  public boolean predicted(int index, int label) {
    return probability(index, label) >= thresholds[label];
  }

  /** The threshold of a class. */
  public float threshold(int label) {
    return thresholds[label];
  }

  /** The names of the actual classes of an image. */
  public List<String> actualLabels(int index) {
    return IntStream.range(0, classes())
        .filter(label -> actual(index, label))
        .mapToObj(labels::get)
        .toList();
  }

  /** The names of the predicted classes of an image. */
  public List<String> predictedLabels(int index) {
    return IntStream.range(0, classes())
        .filter(label -> predicted(index, label))
        .mapToObj(labels::get)
        .toList();
  }

  /** [images, classes], flat; must not be changed. */
  float[] actual() {
    return actual;
  }

  /** [images, classes], flat; must not be changed. */
  float[] probabilities() {
    return probabilities;
  }

  /**
   * A class that is predicted for an image that doesn't have it, or the other way round.
   *
   * @param index the image
   * @param label the class
   * @param probability its probability
   */
  public record Misclassification(int index, int label, float probability) {}

  /** Predicted classes that the image doesn't have, the most probable first. */
  public List<Misclassification> falsePositives() {
    return mistakes(false, Comparator.comparing((Misclassification one) -> -one.probability()));
  }

  /** Classes of an image that are not predicted, the least probable first. */
  public List<Misclassification> falseNegatives() {
    return mistakes(true, Comparator.comparing(Misclassification::probability));
  }

  private List<Misclassification> mistakes(boolean present, Comparator<Misclassification> order) {
    List<Misclassification> mistakes = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      for (int label = 0; label < classes(); label++) {
        if (actual(i, label) == present && predicted(i, label) != present) {
          mistakes.add(new Misclassification(i, label, probability(i, label)));
        }
      }
    }
    mistakes.sort(order);
    return mistakes;
  }
}

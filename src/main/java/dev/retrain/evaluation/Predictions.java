package dev.retrain.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model says of images whose classes are known: all that figures and reports are made of.
 *
 * <p>Immutable: the arrays are taken over, and not to be changed.
 */
public final class Predictions {
  private final List<String> labels;
  private final List<String> names;
  private final int[] actual;
  private final float[] probabilities;

  /**
   * @param labels the classes, in the order of the model's outputs, at least one
   * @param names {@code class/file} of each image
   * @param actual the class of each image, an index of {@code labels}
   * @param probabilities [images, classes], flat, row by row; each row sums to 1
   */
  public Predictions(List<String> labels, List<String> names, int[] actual, float[] probabilities) {
    if (labels.isEmpty()
        || actual.length != names.size()
        || probabilities.length != (long) names.size() * labels.size()) {
      throw new IllegalArgumentException(
          "%d images of %d classes do not go with %d actual classes and %d probabilities"
              .formatted(names.size(), labels.size(), actual.length, probabilities.length));
    }
    for (int label : actual) {
      if (label < 0 || label >= labels.size()) {
        throw new IllegalArgumentException(
            "there are %d classes, and no class %d".formatted(labels.size(), label));
      }
    }
    this.labels = List.copyOf(labels);
    this.names = List.copyOf(names);
    this.actual = actual;
    this.probabilities = probabilities;
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
   * @return {@code class/file} of that image
   */
  public String name(int index) {
    return names.get(index);
  }

  /**
   * @param index 0 to count - 1
   * @return the class that image is of
   */
  public int actual(int index) {
    return actual[index];
  }

  /**
   * @param index 0 to count - 1
   * @param label a class
   * @return how probable that class is for that image, 0 to 1
   */
  public float probability(int index, int label) {
    return probabilities[index * classes() + label];
  }

  /**
   * @param index 0 to count - 1
   * @return [classes]: a copy of that image's probabilities
   */
  public float[] probabilities(int index) {
    return Arrays.copyOfRange(probabilities, index * classes(), (index + 1) * classes());
  }

  /**
   * @param index 0 to count - 1
   * @return the most probable class; of several the first
   */
  public int predicted(int index) {
    int best = 0;
    for (int label = 1; label < classes(); label++) {
      if (probability(index, label) > probability(index, best)) {
        best = label;
      }
    }
    return best;
  }

  /**
   * @param index 0 to count - 1
   * @return how probable the most probable class is, 0 to 1
   */
  public float confidence(int index) {
    return probability(index, predicted(index));
  }

  /**
   * @param index 0 to count - 1
   * @return whether the most probable class is the image's own
   */
  public boolean right(int index) {
    return predicted(index) == actual(index);
  }

  /**
   * @param index 0 to count - 1
   * @param k how many, at least 1
   * @return the {@code k} most probable classes, or all where there are fewer, the most probable
   *     first; of equal ones the first class first
   */
  public int[] top(int index, int k) {
    return IntStream.range(0, classes())
        .boxed()
        .sorted(Comparator.comparing((Integer label) -> -probability(index, label)))
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * @return the images told wrong, as indexes: the surest mistake first, equally sure ones in their
   *     order
   */
  public List<Integer> mistakes() {
    return IntStream.range(0, count())
        .filter(index -> !right(index))
        .boxed()
        .sorted(Comparator.comparing((Integer index) -> -confidence(index)))
        .toList();
  }
}

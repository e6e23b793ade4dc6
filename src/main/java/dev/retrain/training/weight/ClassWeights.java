package dev.retrain.training.weight;

import dev.retrain.util.RetrainException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much the images of each class count in the training loss. */
public sealed interface ClassWeights {
  /** All images count the same. */
  ClassWeights NONE = new None();

  /** Each class counts the same in total. */
  ClassWeights BALANCED = new Balanced();

  /**
   * Checks the weights before any slow work.
   *
   * @param labels the classes of the images
   * @throws RetrainException if a class has no weight, or a weight belongs to no class
   */
  void check(List<String> labels);

  /**
   * The weight of each class, before the weights are normalized to a mean of 1 over the images.
   *
   * @param labels the classes
   * @param counts number of training images of each class
   * @throws RetrainException if a class has no weight, or a weight belongs to no class
   */
  double[] resolve(List<String> labels, int[] counts);

  /** All images count the same; the default. */
  record None() implements ClassWeights {
    @Override
    public void check(List<String> labels) {}

    @Override
    public double[] resolve(List<String> labels, int[] counts) {
      double[] ones = new double[counts.length];
      Arrays.fill(ones, 1);
      return ones;
    }
  }

  /**
   * {@code images / (classes * images of the class)}, as scikit-learn's {@code balanced}; classes
   * without training images don't count as classes.
   */
  record Balanced() implements ClassWeights {
    @Override
    public void check(List<String> labels) {}

    @Override
    public double[] resolve(List<String> labels, int[] counts) {
      double images = Arrays.stream(counts).sum();
      long classes = Arrays.stream(counts).filter(count -> count > 0).count();
      return Arrays.stream(counts)
          .mapToDouble(count -> count == 0 ? 1 : images / (classes * (double) count))
          .toArray();
    }
  }

  /**
   * A weight for each class.
   *
   * @param source where the weights are from, for messages
   * @param weights the weight of each class by its name, finite and above 0
   */
  record PerClass(String source, Map<String, Double> weights) implements ClassWeights {
    /**
     * @throws IllegalArgumentException if a weight is not finite and above 0
     */
    public PerClass {
      weights = new TreeMap<>(weights);
      weights.forEach(
          (label, weight) -> {
            if (!(weight > 0) || !Double.isFinite(weight)) {
              throw new IllegalArgumentException(
                  "the weight of '%s' must be finite and above 0, but is %s"
                      .formatted(label, weight));
            }
          });
    }

    @Override
    public void check(List<String> labels) {
      for (String label : weights.keySet()) {
        if (!labels.contains(label)) {
          throw new RetrainException(
              "%s has a weight for '%s', which is not a class. Correct the name or remove the"
                  + " row; the classes are: %s.",
              source, label, String.join(", ", labels));
        }
      }
      for (String label : labels) {
        if (!weights.containsKey(label)) {
          throw new RetrainException(
              "%s has no weight for class '%s'. Add a row for it.", source, label);
        }
      }
    }

    @Override
    public double[] resolve(List<String> labels, int[] counts) {
      check(labels);
      return labels.stream().mapToDouble(weights::get).toArray();
    }
  }
}

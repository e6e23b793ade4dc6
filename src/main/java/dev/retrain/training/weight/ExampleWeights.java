package dev.retrain.training.weight;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.util.RetrainException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/** The weight of each training image in the loss. */
public final class ExampleWeights {
  private ExampleWeights() {}

  /**
   * Multiplies the weight of each image with that of its class, and scales all of them so that
   * their mean is 1: the size of the loss, and with it the effect of the learning rate and of the
   * L2 penalty, doesn't depend on the unit of the weights.
   *
   * @param classWeights weights of the classes; images that don't have exactly one class need
   *     {@link ClassWeights#NONE}
   * @param labels the classes
   * @param training the training vectors with the weights of their images
   * @return [count]: the weights; absent if all are equal, so that the loss is not weighted
   * @throws RetrainException if a weight of an image is not finite and above 0, a class has no
   *     weight, or a weight belongs to no class
   */
  public static Optional<float[]> compute(
      ClassWeights classWeights, List<String> labels, Vectors training) {
    IntToDoubleFunction ofClass = ofClass(classWeights, labels, training);
    double[] weights = new double[training.count()];
    double sum = 0;
    boolean equal = true;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = checked(training, i) * ofClass.applyAsDouble(i);
      sum += weights[i];
      equal &= weights[i] == weights[0];
    }
    if (equal) {
      return Optional.empty();
    }
    float[] normalized = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      normalized[i] = (float) (weights[i] * weights.length / sum);
    }
    return Optional.of(normalized);
  }

  private static IntToDoubleFunction ofClass(
      ClassWeights classWeights, List<String> labels, Vectors training) {
    if (classWeights instanceof ClassWeights.None) {
      return image -> 1;
    }
    int[] counts = new int[labels.size()];
    for (int i = 0; i < training.count(); i++) {
      counts[training.label(i)]++;
    }
    double[] weights = classWeights.resolve(labels, counts);
    return image -> weights[training.label(image)];
  }

  private static float checked(Vectors training, int image) {
    float weight = training.weight(image);
    if (!(weight > 0) || !Float.isFinite(weight)) {
      throw new RetrainException(
          "The weight of %s must be finite and above 0, but is %s.",
          training.name(image), String.format(Locale.ROOT, "%s", weight));
    }
    return weight;
  }
}

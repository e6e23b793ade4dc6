package dev.retrain.finetune.image;

import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.training.Objective;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a network learns about its training images.
 *
 * <p>The arrays are not copied: callers must not change them.
 *
 * @param labels [images][]: the classes of each image; exactly one with {@link
 *     Objective#SINGLE_LABEL}
 * @param classes number of classes
 * @param objective what the head predicts
 * @param labelSmoothing fraction of each label that is distributed evenly over all classes or, with
 *     {@link Objective#MULTI_LABEL}, over presence and absence of the class; at least 0 and below 1
 * @param weights [images]: weights in the loss, with a mean of 1; absent if all are 1
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ImageTargets(
    int[][] labels,
    int classes,
    Objective objective,
    double labelSmoothing,
    Optional<float[]> weights) {
  /**
   * Images with exactly one class and equal weights.
   *
   * @param labels [images]: class of each image
   */
  public ImageTargets(int[] labels, int classes, double labelSmoothing) {
    this(
        IntStream.of(labels).mapToObj(label -> new int[] {label}).toArray(int[][]::new),
        classes,
        Objective.SINGLE_LABEL,
        labelSmoothing,
        Optional.empty());
  }

  /** The number of images. */
  public int count() {
    return labels.length;
  }

  private double weight(int image) {
    return weights.map(values -> (double) values[image]).orElse(1.0);
  }

  /**
   * The weight of a mixture of two images in the loss: the losses against their labels, with their
   * weights and shares, add up to this weight times the loss against {@link #write}'s target.
   *
   * @param share share of the first image, 0 to 1
   */
  double weight(int image, int other, double share) {
    return share * weight(image) + (1 - share) * weight(other);
  }

  /**
   * Writes the probabilities to learn for a mixture of two images. If images have exactly one
   * class, their sum is 1.
   *
   * @param share share of the first image, 0 to 1
   * @param target receives them
   * @param offset index of the first one
   */
  void write(int image, int other, double share, float[] target, int offset) {
    double weight = weight(image, other, share);
    // A tiny weight is 0 beside a large one; then the target doesn't matter, but must be a number.
    double own = weight > 0 ? share * weight(image) / weight : share;
    double[] mixed = new double[classes];
    for (int label : labels[image]) {
      mixed[label] += own;
    }
    for (int label : labels[other]) {
      mixed[label] += 1 - own;
    }
    double smoothed = labelSmoothing / (objective == Objective.SINGLE_LABEL ? classes : 2);
    for (int c = 0; c < classes; c++) {
      target[offset + c] = (float) (smoothed + (1 - labelSmoothing) * mixed[c]);
    }
  }

  /** Writes the targets and weights of a batch of images. */
  void write(BatchTensors batch, int[] images) {
    int[] order = Arrays.copyOf(images, images.length + 1);
    float[] shares = new float[images.length];
    Arrays.fill(shares, 1);
    writeMixed(batch, order, shares);
  }

  /**
   * Writes the targets and weights of a batch of mixed images.
   *
   * @param order [n + 1]: the images, each of which is mixed with the next one
   * @param shares [n]: share of each of them
   */
  void writeMixed(BatchTensors batch, int[] order, float[] shares) {
    float[] probabilities = new float[shares.length * classes];
    float[] lossWeights = new float[shares.length];
    for (int i = 0; i < shares.length; i++) {
      write(order[i], order[i + 1], shares[i], probabilities, i * classes);
      lossWeights[i] = (float) weight(order[i], order[i + 1], shares[i]);
    }
    batch.targets().asRawTensor().data().asFloats().write(probabilities);
    batch.weights().asRawTensor().data().asFloats().write(lossWeights);
  }
}

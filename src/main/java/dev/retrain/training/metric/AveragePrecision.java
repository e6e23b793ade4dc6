package dev.retrain.training.metric;

import java.util.Arrays;

/**
 * Average precision, as scikit-learn's {@code average_precision_score}: the sum over the distinct
 * scores, in descending order, of the precision among the examples with at least this score times
 * the increase of the recall. There is no interpolation, and equal scores count together.
 */
public final class AveragePrecision {
  private AveragePrecision() {}

  /**
   * Average precision of each class.
   *
   * @param scores [count, classes], flat; no NaN
   * @param targets [count, classes], flat: above 0.5 for the classes of an example
   * @param classes number of classes
   * @return [classes]: 0 to 1; NaN for a class that no example has
   */
  public static double[] perClass(float[] scores, float[] targets, int classes) {
    double[] precisions = new double[classes];
    for (int label = 0; label < classes; label++) {
      precisions[label] = compute(scores, targets, label, classes);
    }
    return precisions;
  }

  /**
   * The mean over the classes that an example has.
   *
   * @param perClass average precisions; NaN for a class that no example has
   * @return 0 to 1; 0 if no example has a class
   */
  public static double mean(double[] perClass) {
    return Arrays.stream(perClass).filter(value -> !Double.isNaN(value)).average().orElse(0);
  }

  private static double compute(float[] scores, float[] targets, int label, int classes) {
    int count = scores.length / classes;
    long[] order = new long[count];
    int positives = 0;
    for (int i = 0; i < count; i++) {
      order[i] = (long) ascending(scores[i * classes + label]) << 32 | i;
      positives += targets[i * classes + label] > 0.5f ? 1 : 0;
    }
    if (positives == 0) {
      return Double.NaN;
    }
    Arrays.sort(order);
    double sum = 0;
    int hits = 0;
    int hitsBefore = 0;
    for (int rank = 1; rank <= count; rank++) {
      long entry = order[count - rank];
      hits += targets[(int) entry * classes + label] > 0.5f ? 1 : 0;
      boolean last = rank == count || order[count - rank - 1] >> 32 != entry >> 32;
      if (last) {
        sum += (hits - hitsBefore) * ((double) hits / rank);
        hitsBefore = hits;
      }
    }
    return sum / positives;
  }

  /** An integer that orders as the score does; equal for 0 and -0. */
  private static int ascending(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    return bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
  }
}

package dev.retrain.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a model that is sure to 80 % is right in 80 of 100 cases (Guo et al., "On Calibration of
 * Modern Neural Networks", 2017).
 *
 * @param expectedError the expected calibration error, 0 to 1: how far accuracy and confidence are
 *     apart in a bin, averaged over the images
 * @param bins {@value #BINS} ranges of equal width of the most probable class's probability, from 0
 *     to 1
 */
public record Calibration(double expectedError, List<Bin> bins) {
  private static final int BINS = 15;

  /** Copies the list. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * The images whose most probable class has a probability in a range.
   *
   * @param from the range's lower end, which is not in it
   * @param to its upper end, which is
   * @param count how many images
   * @param confidence their mean probability; 0 where there are none
   * @param accuracy share of them that is told; 0 where there are none
   */
  public record Bin(double from, double to, int count, double confidence, double accuracy) {}

  /**
   * Works it out.
   *
   * @param predictions at least one
   */
  public static Calibration compute(Predictions predictions) {
    int[] counts = new int[BINS];
    int[] right = new int[BINS];
    double[] confidence = new double[BINS];
    for (int i = 0; i < predictions.count(); i++) {
      double sure = predictions.confidence(i);
      int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(sure * BINS) - 1));
      counts[bin]++;
      right[bin] += predictions.right(i) ? 1 : 0;
      confidence[bin] += sure;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(right[bin] - confidence[bin]) / predictions.count();
      bins.add(
          new Bin(
              (double) bin / BINS,
              (bin + 1.0) / BINS,
              counts[bin],
              counts[bin] == 0 ? 0 : confidence[bin] / counts[bin],
              counts[bin] == 0 ? 0 : (double) right[bin] / counts[bin]));
    }
    return new Calibration(error, bins);
  }
}

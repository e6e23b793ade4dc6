package dev.retrain.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * How far confidence and accuracy differ (Guo et al., "On Calibration of Modern Neural Networks",
 * 2017): of the images classified with a confidence of 80%, a calibrated model classifies 80%
 * correctly.
 *
 * @param expectedError the expected calibration error (ECE), 0 to 1: the difference between
 *     accuracy and mean confidence of a bin, averaged over the images
 * @param bins {@value #BINS} bins of equal width over the confidence, from 0 to 1
 */
public record Calibration(double expectedError, List<Bin> bins) {
  private static final int BINS = 15;

  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * The images whose confidence is in a range.
   *
   * @param from lower bound of the range, exclusive
   * @param to upper bound of the range, inclusive
   * @param count number of images
   * @param confidence their mean confidence; 0 if there are none
   * @param accuracy their accuracy; 0 if there are none
   */
  public record Bin(double from, double to, int count, double confidence, double accuracy) {}

  /**
   * @param predictions at least one
   */
  public static Calibration compute(Predictions predictions) {
    int[] counts = new int[BINS];
    int[] correct = new int[BINS];
    double[] confidence = new double[BINS];
    for (int i = 0; i < predictions.count(); i++) {
      double value = predictions.confidence(i);
      int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(value * BINS) - 1));
      counts[bin]++;
      correct[bin] += predictions.correct(i) ? 1 : 0;
      confidence[bin] += value;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(correct[bin] - confidence[bin]) / predictions.count();
      bins.add(
          new Bin(
              (double) bin / BINS,
              (bin + 1.0) / BINS,
              counts[bin],
              counts[bin] == 0 ? 0 : confidence[bin] / counts[bin],
              counts[bin] == 0 ? 0 : (double) correct[bin] / counts[bin]));
    }
    return new Calibration(error, bins);
  }
}

package dev.retrain.report.data;

/** TensorBoard's smoothing of a curve. */
public final class Smoothing {
  /** The weight of the past in a smoothed value. */
  private static final double WEIGHT = 0.8;

  private Smoothing() {}

  /**
   * Computes the exponential moving average, corrected for the bias at its start.
   *
   * @param values the measured values, unchanged by the call
   * @return as many smoothed values
   */
  public static double[] smooth(double[] values) {
    double[] smooth = new double[values.length];
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < values.length; i++) {
      sum = sum * WEIGHT + values[i] * (1 - WEIGHT);
      weight = weight * WEIGHT + (1 - WEIGHT);
      smooth[i] = sum / weight;
    }
    return smooth;
  }
}

package dev.retrain.report.view;

/** The style sheet's CSS classes for the background of a table cell, in ten levels. */
final class Shade {
  private static final int LEVELS = 10;

  private Shade() {}

  /**
   * @param share 0 for the lightest to 1 for the darkest shade
   */
  static String correct(double share) {
    return "correct-" + level(share);
  }

  /**
   * @param share 0 for the lightest to 1 for the darkest shade
   */
  static String misclassified(double share) {
    return "misclassified-" + level(share);
  }

  private static int level(double share) {
    return Math.min(LEVELS - 1, (int) (share * LEVELS));
  }
}

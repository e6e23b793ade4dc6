package dev.retrain.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Classification metrics. Each is defined as scikit-learn's function of the same name; a quotient
 * whose divisor is 0 is 0.
 *
 * @param count number of images, at least 1
 * @param accuracy share of correctly classified images, 0 to 1
 * @param accuracyInterval 95% confidence interval of the accuracy (Wilson score interval)
 * @param top5Accuracy share of images whose class is among the five most probable, 0 to 1; 1 if
 *     there are at most five classes
 * @param loss mean cross-entropy, {@code -log(p)} of an image's actual class, in nats
 * @param classes the metrics of each class, in the order of the labels
 * @param macro unweighted means over the classes that occur as actual or predicted class
 * @param weighted means over the classes, weighted by support
 * @param confusion the confusion matrix
 * @param calibration how well the probabilities are calibrated
 */
public record Metrics(
    int count,
    double accuracy,
    Interval accuracyInterval,
    double top5Accuracy,
    double loss,
    List<ClassMetrics> classes,
    Means macro,
    Means weighted,
    ConfusionMatrix confusion,
    Calibration calibration) {
  private static final int TOP = 5;

  public Metrics {
    classes = List.copyOf(classes);
  }

  /**
   * A 95% confidence interval.
   *
   * @param low lower bound
   * @param high upper bound
   */
  public record Interval(double low, double high) {
    /** The standard normal distribution's 97.5 % quantile. */
    private static final double Z = 1.959963984540054;

    /**
     * The score interval of a binomial proportion (E. B. Wilson, 1927).
     *
     * @param hits 0 to {@code count}
     * @param count at least 1
     * @return bounds from 0 to 1
     */
    static Interval wilson(long hits, long count) {
      double p = (double) hits / count;
      double z2 = Z * Z / count;
      double center = (p + z2 / 2) / (1 + z2);
      double half = Z / (1 + z2) * Math.sqrt(p * (1 - p) / count + z2 / (4 * count));
      return new Interval(Math.max(0, center - half), Math.min(1, center + half));
    }
  }

  /**
   * The metrics of one class, each 0 to 1.
   *
   * @param label the class
   * @param precision share of the images predicted as the class that belong to it
   * @param recall share of the images of the class that are predicted as it
   * @param f1 harmonic mean of precision and recall
   * @param support number of images of the class
   */
  public record ClassMetrics(
      String label, double precision, double recall, double f1, long support) {}

  /**
   * Means over classes, each 0 to 1.
   *
   * @param precision mean precision
   * @param recall mean recall
   * @param f1 mean F1 (not the F1 of the means)
   */
  public record Means(double precision, double recall, double f1) {}

  /**
   * Computes all metrics.
   *
   * @param predictions at least one
   * @throws IllegalArgumentException if there are no predictions
   */
  public static Metrics compute(Predictions predictions) {
    if (predictions.count() == 0) {
      throw new IllegalArgumentException("there are no predictions");
    }
    ConfusionMatrix confusion = ConfusionMatrix.compute(predictions);
    List<ClassMetrics> classes = classes(confusion);
    int count = predictions.count();
    long correct = confusion.correct();
    return new Metrics(
        count,
        (double) correct / count,
        Interval.wilson(correct, count),
        top5Accuracy(predictions),
        loss(predictions),
        classes,
        macro(classes, confusion),
        weighted(classes, count),
        confusion,
        Calibration.compute(predictions));
  }

  private static double top5Accuracy(Predictions predictions) {
    long hits =
        IntStream.range(0, predictions.count())
            .filter(index -> predictions.isAmongTop(index, TOP))
            .count();
    return hits / (double) predictions.count();
  }

  private static double loss(Predictions predictions) {
    double sum = 0;
    for (int i = 0; i < predictions.count(); i++) {
      sum += predictions.loss(i);
    }
    return sum / predictions.count();
  }

  private static List<ClassMetrics> classes(ConfusionMatrix confusion) {
    List<ClassMetrics> classes = new ArrayList<>();
    for (int label = 0; label < confusion.labels().size(); label++) {
      long correct = confusion.count(label, label);
      long actual = confusion.actual(label);
      long predicted = confusion.predicted(label);
      classes.add(
          new ClassMetrics(
              confusion.labels().get(label),
              quotient(correct, predicted),
              quotient(correct, actual),
              quotient(2 * correct, actual + predicted),
              actual));
    }
    return classes;
  }

  private static double quotient(long dividend, long divisor) {
    return divisor == 0 ? 0 : (double) dividend / divisor;
  }

  private static Means macro(List<ClassMetrics> classes, ConfusionMatrix confusion) {
    List<ClassMetrics> occurring =
        IntStream.range(0, classes.size())
            .filter(label -> confusion.actual(label) + confusion.predicted(label) > 0)
            .mapToObj(classes::get)
            .toList();
    return means(occurring, one -> 1, occurring.size());
  }

  private static Means weighted(List<ClassMetrics> classes, int count) {
    return means(classes, ClassMetrics::support, count);
  }

  private static Means means(
      List<ClassMetrics> classes, ToDoubleFunction<ClassMetrics> weight, double total) {
    ToDoubleFunction<ToDoubleFunction<ClassMetrics>> mean =
        metric ->
            classes.stream()
                    .mapToDouble(one -> weight.applyAsDouble(one) * metric.applyAsDouble(one))
                    .sum()
                / total;
    return new Means(
        mean.applyAsDouble(ClassMetrics::precision),
        mean.applyAsDouble(ClassMetrics::recall),
        mean.applyAsDouble(ClassMetrics::f1));
  }
}

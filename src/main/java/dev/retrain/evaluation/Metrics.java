package dev.retrain.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How good predictions are. All figures are those of scikit-learn's functions of these names; what
 * would be a division by 0 is 0, as there.
 *
 * @param count images, at least 1
 * @param accuracy share of the images whose most probable class is their own, 0 to 1
 * @param accuracyInterval where the accuracy lies with 95 % confidence, by Wilson's score interval
 * @param top5Accuracy share of the images whose class is among the five most probable, 0 to 1; 1
 *     where there are no more than five classes
 * @param loss mean of {@code -log(p)} of the image's own class, in nats; as in scikit-learn's
 *     {@code log_loss}, no p counts as less than 2.2e-16
 * @param classes the figures of each class, in the order of the labels
 * @param macro means over the classes that occur, as an image's own or as a prediction; each counts
 *     the same
 * @param weighted means over the classes, each counting as often as it has images
 * @param confusion which class is taken for which
 * @param calibration whether the probabilities are to be believed
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

  /** The least a probability counts for in the loss: a double's rounding. */
  private static final double LEAST = Math.ulp(1.0);

  /** Copies the list. */
  public Metrics {
    classes = List.copyOf(classes);
  }

  /**
   * A range that holds the true value with 95 % confidence.
   *
   * @param low its lower end
   * @param high its upper end
   */
  public record Interval(double low, double high) {
    /** The standard normal distribution's 97.5 % quantile. */
    private static final double Z = 1.959963984540054;

    /**
     * Wilson's score interval (1927) of a share.
     *
     * @param hits how many of them, 0 to {@code count}
     * @param count how many, at least 1
     * @return within 0 to 1
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
   * The figures of one class, each 0 to 1.
   *
   * @param label the class
   * @param precision share of what is taken for the class that is of it
   * @param recall share of the class that is told
   * @param f1 harmonic mean of the two
   * @param support images of the class
   */
  public record ClassMetrics(
      String label, double precision, double recall, double f1, long support) {}

  /**
   * Means over classes, each 0 to 1.
   *
   * @param precision mean precision
   * @param recall mean recall
   * @param f1 mean of the F1, which is not the F1 of the means
   */
  public record Means(double precision, double recall, double f1) {}

  /**
   * Works out the figures.
   *
   * @param predictions at least one
   * @throws IllegalArgumentException where there are none
   */
  public static Metrics compute(Predictions predictions) {
    if (predictions.count() == 0) {
      throw new IllegalArgumentException("there are no predictions");
    }
    ConfusionMatrix confusion = ConfusionMatrix.compute(predictions);
    List<ClassMetrics> classes = classes(confusion);
    int count = predictions.count();
    long right = confusion.right();
    return new Metrics(
        count,
        (double) right / count,
        Interval.wilson(right, count),
        all(predictions).filter(i -> isAmongTop(predictions, i)).count() / (double) count,
        all(predictions).mapToDouble(i -> loss(predictions, i)).sum() / count,
        classes,
        macro(classes, confusion),
        weighted(classes, count),
        confusion,
        Calibration.compute(predictions));
  }

  private static IntStream all(Predictions predictions) {
    return IntStream.range(0, predictions.count());
  }

  private static boolean isAmongTop(Predictions predictions, int index) {
    int actual = predictions.actual(index);
    float own = predictions.probability(index, actual);
    int before = 0;
    for (int label = 0; label < predictions.classes(); label++) {
      float other = predictions.probability(index, label);
      if (other > own || (other == own && label < actual)) {
        before++;
      }
    }
    return before < TOP;
  }

  private static double loss(Predictions predictions, int index) {
    double own = predictions.probability(index, predictions.actual(index));
    return -Math.log(Math.max(LEAST, own));
  }

  private static List<ClassMetrics> classes(ConfusionMatrix confusion) {
    List<ClassMetrics> classes = new ArrayList<>();
    for (int label = 0; label < confusion.labels().size(); label++) {
      long right = confusion.count(label, label);
      long actual = confusion.actual(label);
      long predicted = confusion.predicted(label);
      classes.add(
          new ClassMetrics(
              confusion.labels().get(label),
              share(right, predicted),
              share(right, actual),
              share(2 * right, actual + predicted),
              actual));
    }
    return classes;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
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
        figure ->
            classes.stream()
                    .mapToDouble(one -> weight.applyAsDouble(one) * figure.applyAsDouble(one))
                    .sum()
                / total;
    return new Means(
        mean.applyAsDouble(ClassMetrics::precision),
        mean.applyAsDouble(ClassMetrics::recall),
        mean.applyAsDouble(ClassMetrics::f1));
  }
}

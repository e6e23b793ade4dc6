package dev.retrain.evaluation.multilabel;

import dev.retrain.training.metric.AveragePrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Metrics of predictions for images with any number of classes. Each is defined as scikit-learn's
 * function of the same name; a quotient whose divisor is 0 is 0.
 *
 * @param count number of images, at least 1
 * @param meanAveragePrecision unweighted mean of the average precision over the classes that an
 *     evaluated image has, 0 to 1
 * @param loss binary cross-entropy, mean over images and classes, in nats
 * @param exactMatch share of images whose predicted classes are exactly the actual ones, 0 to 1
 * @param micro precision, recall and F1 over all pairs of an image and a class
 * @param macro unweighted means over the classes that are an actual or a predicted class
 * @param classes the metrics of each class, in the order of the labels
 */
public record MultiLabelMetrics(
    int count,
    double meanAveragePrecision,
    double loss,
    double exactMatch,
    Scores micro,
    Scores macro,
    List<ClassMetrics> classes) {
  /** Lower limit of a probability in the loss, as in scikit-learn's {@code log_loss}. */
  private static final double MIN_PROBABILITY = Math.ulp(1.0);

  public MultiLabelMetrics {
    classes = List.copyOf(classes);
  }

  /**
   * Precision, recall and their harmonic mean, each 0 to 1.
   *
   * @param precision share of the predicted classes that are actual classes
   * @param recall share of the actual classes that are predicted
   * @param f1 harmonic mean of precision and recall
   */
  public record Scores(double precision, double recall, double f1) {
    private static Scores from(long hits, long predicted, long actual) {
      return new Scores(
          quotient(hits, predicted),
          quotient(hits, actual),
          quotient(2 * hits, predicted + actual));
    }

    private static double quotient(long dividend, long divisor) {
      return divisor == 0 ? 0 : (double) dividend / divisor;
    }
  }

  /**
   * The metrics of one class.
   *
   * @param label the class
   * @param averagePrecision 0 to 1; NaN if no evaluated image has the class
   * @param threshold the class is predicted if its probability is at least this
   * @param scores precision, recall and F1 at the threshold
   * @param support number of images that have the class
   * @param predicted number of images for which it is predicted
   */
  public record ClassMetrics(
      String label,
      double averagePrecision,
      float threshold,
      Scores scores,
      long support,
      long predicted) {}

  /**
   * Computes all metrics.
   *
   * @param predictions at least one
   * @throws IllegalArgumentException if there are no predictions
   */
  public static MultiLabelMetrics compute(MultiLabelPredictions predictions) {
    if (predictions.count() == 0) {
      throw new IllegalArgumentException("there are no predictions");
    }
    double[] precisions =
        AveragePrecision.perClass(
            predictions.probabilities(), predictions.actual(), predictions.classes());
    List<ClassMetrics> classes = new ArrayList<>();
    long hits = 0;
    long predicted = 0;
    long actual = 0;
    for (int label = 0; label < predictions.classes(); label++) {
      Counts counts = Counts.count(predictions, label);
      hits += counts.hits();
      predicted += counts.predicted();
      actual += counts.actual();
      classes.add(
          new ClassMetrics(
              predictions.labels().get(label),
              precisions[label],
              predictions.threshold(label),
              Scores.from(counts.hits(), counts.predicted(), counts.actual()),
              counts.actual(),
              counts.predicted()));
    }
    return new MultiLabelMetrics(
        predictions.count(),
        AveragePrecision.mean(precisions),
        loss(predictions),
        exactMatch(predictions),
        Scores.from(hits, predicted, actual),
        macro(classes),
        classes);
  }

  /** Numbers of images of a class: that have it and for which it is predicted, both, either. */
  private record Counts(long hits, long predicted, long actual) {
    static Counts count(MultiLabelPredictions predictions, int label) {
      long hits = 0;
      long predicted = 0;
      long actual = 0;
      for (int i = 0; i < predictions.count(); i++) {
        boolean isPredicted = predictions.predicted(i, label);
        boolean isActual = predictions.actual(i, label);
        predicted += isPredicted ? 1 : 0;
        actual += isActual ? 1 : 0;
        hits += isPredicted && isActual ? 1 : 0;
      }
      return new Counts(hits, predicted, actual);
    }
  }

  private static double loss(MultiLabelPredictions predictions) {
    double sum = 0;
    for (int i = 0; i < predictions.count(); i++) {
      for (int label = 0; label < predictions.classes(); label++) {
        double p = predictions.probability(i, label);
        sum -= Math.log(Math.max(MIN_PROBABILITY, predictions.actual(i, label) ? p : 1 - p));
      }
    }
    return sum / predictions.count() / predictions.classes();
  }

  private static double exactMatch(MultiLabelPredictions predictions) {
    int matches = 0;
    for (int i = 0; i < predictions.count(); i++) {
      boolean same = true;
      for (int label = 0; label < predictions.classes(); label++) {
        same &= predictions.predicted(i, label) == predictions.actual(i, label);
      }
      matches += same ? 1 : 0;
    }
    return (double) matches / predictions.count();
  }

  private static Scores macro(List<ClassMetrics> classes) {
    List<ClassMetrics> occurring =
        classes.stream().filter(one -> one.support() + one.predicted() > 0).toList();
    return new Scores(
        mean(occurring, Scores::precision),
        mean(occurring, Scores::recall),
        mean(occurring, Scores::f1));
  }

  private static double mean(List<ClassMetrics> classes, ToDoubleFunction<Scores> score) {
    return classes.stream()
        .mapToDouble(one -> score.applyAsDouble(one.scores()))
        .average()
        .orElse(0);
  }
}

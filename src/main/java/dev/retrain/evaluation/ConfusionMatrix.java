package dev.retrain.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/** Numbers of images by actual and predicted class. Immutable. */
public final class ConfusionMatrix {
  private final List<String> labels;
  private final long[][] counts;

  private ConfusionMatrix(List<String> labels, long[][] counts) {
    this.labels = labels;
    this.counts = counts;
  }

  public static ConfusionMatrix compute(Predictions predictions) {
    long[][] counts = new long[predictions.classes()][predictions.classes()];
    for (int i = 0; i < predictions.count(); i++) {
      counts[predictions.actual(i)][predictions.predicted(i)]++;
    }
    return new ConfusionMatrix(predictions.labels(), counts);
  }

  /** The classes. */
  public List<String> labels() {
    return labels;
  }

  /**
   * @param actual a class
   * @param predicted a class
   * @return number of images of the actual class that are predicted as the other
   */
  public long count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /**
   * @param label a class
   * @return number of images of that class
   */
  public long actual(int label) {
    return LongStream.of(counts[label]).sum();
  }

  /**
   * @param label a class
   * @return number of images predicted as that class
   */
  public long predicted(int label) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[label];
    }
    return sum;
  }

  /** Number of correctly classified images. */
  public long correct() {
    long sum = 0;
    for (int label = 0; label < counts.length; label++) {
      sum += counts[label][label];
    }
    return sum;
  }

  /** [classes][classes]: a row per actual class, a column per predicted class; a copy. */
  public long[][] rows() {
    long[][] rows = new long[counts.length][];
    for (int label = 0; label < rows.length; label++) {
      rows[label] = counts[label].clone();
    }
    return rows;
  }

  /**
   * Misclassified images of one class that are predicted as one other class.
   *
   * @param actual their actual class
   * @param predicted their predicted class
   * @param count number of images, at least 1
   */
  public record Confusion(int actual, int predicted, long count) {}

  /** All confusions, the most frequent first. */
  public List<Confusion> confusions() {
    List<Confusion> confusions = new ArrayList<>();
    for (int actual = 0; actual < counts.length; actual++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        if (actual != predicted && counts[actual][predicted] > 0) {
          confusions.add(new Confusion(actual, predicted, counts[actual][predicted]));
        }
      }
    }
    confusions.sort(Comparator.comparingLong(Confusion::count).reversed());
    return confusions;
  }
}

package dev.retrain.evaluation;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.evaluation.TestResult.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/** How often an image of one class is taken for another. Immutable. */
public final class ConfusionMatrix {
  private final List<String> labels;
  private final long[][] counts;

  private ConfusionMatrix(List<String> labels, long[][] counts) {
    this.labels = labels;
    this.counts = counts;
  }

  /**
   * Counts.
   *
   * @param predictions what to count
   */
  public static ConfusionMatrix compute(Predictions predictions) {
    long[][] counts = new long[predictions.classes()][predictions.classes()];
    for (int i = 0; i < predictions.count(); i++) {
      counts[predictions.actual(i)][predictions.predicted(i)]++;
    }
    return new ConfusionMatrix(predictions.labels(), counts);
  }

  /**
   * Counts what a test has found.
   *
   * @param labels the classes
   * @param test the vectors that were tested with
   * @param mistakes those of them that were told wrong
   */
  public static ConfusionMatrix compute(List<String> labels, Vectors test, List<Mistake> mistakes) {
    long[][] counts = new long[labels.size()][labels.size()];
    for (int i = 0; i < test.count(); i++) {
      counts[test.label(i)][test.label(i)]++;
    }
    for (Mistake mistake : mistakes) {
      counts[mistake.label()][mistake.label()]--;
      counts[mistake.label()][mistake.predicted()]++;
    }
    return new ConfusionMatrix(labels, counts);
  }

  /** The classes. */
  public List<String> labels() {
    return labels;
  }

  /**
   * @param actual a class
   * @param predicted a class
   * @return how many images of the one are taken for the other
   */
  public long count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /**
   * @param label a class
   * @return how many images are of it
   */
  public long actual(int label) {
    return LongStream.of(counts[label]).sum();
  }

  /**
   * @param label a class
   * @return how many images are taken for it
   */
  public long predicted(int label) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[label];
    }
    return sum;
  }

  /** How many images are taken for what they are. */
  public long right() {
    long sum = 0;
    for (int label = 0; label < counts.length; label++) {
      sum += counts[label][label];
    }
    return sum;
  }

  /** [classes][classes]: a row for each actual class, a column for each predicted one; a copy. */
  public long[][] rows() {
    long[][] rows = new long[counts.length][];
    for (int label = 0; label < rows.length; label++) {
      rows[label] = counts[label].clone();
    }
    return rows;
  }

  /**
   * A class that is taken for another.
   *
   * @param actual the class the images are of
   * @param predicted the class they are taken for
   * @param count how many
   */
  public record Confusion(int actual, int predicted, long count) {}

  /** Every pair of different classes that is confused, the most frequent first. */
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

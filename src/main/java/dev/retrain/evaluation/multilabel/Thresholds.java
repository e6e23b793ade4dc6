package dev.retrain.evaluation.multilabel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Chooses the threshold of each class: the lowest probability at which it is predicted. */
public final class Thresholds {
  /** The threshold where nothing better is known. */
  public static final float DEFAULT = 0.5f;

  private Thresholds() {}

  /** The default for each class. */
  public static float[] defaults(int classes) {
    float[] thresholds = new float[classes];
    Arrays.fill(thresholds, DEFAULT);
    return thresholds;
  }

  /** The thresholds of a model as an array. */
  public static float[] of(List<Float> thresholds) {
    float[] array = new float[thresholds.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = thresholds.get(i);
    }
    return array;
  }

  /**
   * Chooses for each class the threshold with the highest F1; of several, the one that is nearest
   * to 0.5. It lies halfway between two probabilities that occur.
   *
   * @param predictions for validation images; the thresholds in them have no effect
   * @return [classes]: above 0 and at most 1; {@link #DEFAULT} for a class that no image has
   */
  public static float[] choose(MultiLabelPredictions predictions) {
    float[] thresholds = defaults(predictions.classes());
    for (int label = 0; label < thresholds.length; label++) {
      thresholds[label] = choose(predictions, label);
    }
    return thresholds;
  }

  private static float choose(MultiLabelPredictions predictions, int label) {
    List<Integer> order =
        IntStream.range(0, predictions.count())
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -predictions.probability(i, label)))
            .toList();
    long positives = order.stream().filter(i -> predictions.actual(i, label)).count();
    float best = DEFAULT;
    double bestF1 = 0;
    int hits = 0;
    for (int rank = 1; rank <= order.size(); rank++) {
      hits += predictions.actual(order.get(rank - 1), label) ? 1 : 0;
      float lowest = predictions.probability(order.get(rank - 1), label);
      float next = rank == order.size() ? 0 : predictions.probability(order.get(rank), label);
      if (rank < order.size() && next == lowest) {
        continue;
      }
      double f1 = 2.0 * hits / (rank + positives);
      float threshold = between(next, lowest);
      boolean nearer = Math.abs(threshold - DEFAULT) < Math.abs(best - DEFAULT);
      if (positives > 0 && threshold > 0 && (f1 > bestF1 || (f1 == bestF1 && nearer))) {
        best = threshold;
        bestF1 = f1;
      }
    }
    return bestF1 == 0 ? DEFAULT : best;
  }

  /** Halfway, but above the lower value even where there is no float in between. */
  private static float between(float lower, float higher) {
    float middle = (float) (((double) lower + higher) / 2);
    return middle > lower ? middle : higher;
  }
}

package dev.retrain.training.metric;

import dev.retrain.training.Objective;
import java.util.ArrayList;
import java.util.List;

/** Accumulates the metric of an objective over the batches of an evaluation. */
public sealed interface RunningMetric {
  /**
   * Adds a batch.
   *
   * @param batch its metric and, for mean average precision, its scores
   */
  void add(Batch batch);

  /** The metric of all batches, 0 to 1. */
  double value();

  /**
   * A batch.
   *
   * @param size number of images
   * @param metric the metric of the batch alone
   * @param scores [size, classes], flat; empty for accuracy
   * @param targets [size, classes], flat; empty for accuracy
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Batch(int size, double metric, float[] scores, float[] targets) {}

  /** The metric of an objective. */
  static RunningMetric create(Objective objective, int classes) {
    return objective == Objective.SINGLE_LABEL ? new Accuracy() : new RunningPrecision(classes);
  }

  /** Fraction of correctly classified images. */
  final class Accuracy implements RunningMetric {
    private double correct;
    private int count;

    private Accuracy() {}

    @Override
    public void add(Batch batch) {
      correct += batch.metric() * batch.size();
      count += batch.size();
    }

    // Rounded to a whole number of images, to remove the rounding errors of the batches.
    @Override
    public double value() {
      return Math.rint(correct) / count;
    }
  }

  /** Mean average precision, which is not a mean over batches. */
  final class RunningPrecision implements RunningMetric {
    private final int classes;
    private final List<Batch> batches = new ArrayList<>();

    private RunningPrecision(int classes) {
      this.classes = classes;
    }

    @Override
    public void add(Batch batch) {
      batches.add(batch);
    }

    @Override
    public double value() {
      int length = batches.stream().mapToInt(batch -> batch.size() * classes).sum();
      float[] scores = new float[length];
      float[] targets = new float[length];
      int offset = 0;
      for (Batch batch : batches) {
        System.arraycopy(batch.scores(), 0, scores, offset, batch.scores().length);
        System.arraycopy(batch.targets(), 0, targets, offset, batch.targets().length);
        offset += batch.scores().length;
      }
      return AveragePrecision.mean(AveragePrecision.perClass(scores, targets, classes));
    }
  }
}

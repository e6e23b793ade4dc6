package dev.retrain.training;

import java.util.OptionalInt;

/**
 * How the new layer is trained.
 *
 * @param iterations updates of the weights, at least 1; default 2000
 * @param learningRate its start and decay; default 0.01, times 0.95 every 65 iterations
 * @param trainBatchSize pictures an update, at least 1; default 150
 * @param validationBatchSize validation pictures an evaluation, drawn at random, at least 1; -1,
 *     the default, takes all
 * @param evalStepInterval iterations from one evaluation to the next, at least 1; default 10
 * @param histogramInterval evaluations from one with histograms to the next, at least 1; 0 makes
 *     none; default 1
 * @param earlyStop stop after so many evaluations without a higher validation accuracy; absent, the
 *     default, means never
 * @param regularization what steadies the weights; default {@link Regularization#DEFAULT}
 * @param seed start of all randomness; default 1
 */
public record TrainingOptions(
    int iterations,
    StepDecay learningRate,
    int trainBatchSize,
    int validationBatchSize,
    int evalStepInterval,
    int histogramInterval,
    OptionalInt earlyStop,
    Regularization regularization,
    long seed) {
  /** {@code validationBatchSize} for the whole partition. */
  public static final int ALL = -1;

  /** The defaults named above. */
  public static final TrainingOptions DEFAULT =
      new TrainingOptions(
          2000,
          new StepDecay(0.01, 65, 0.95),
          150,
          ALL,
          10,
          1,
          OptionalInt.empty(),
          Regularization.DEFAULT,
          1);

  /** Checks the ranges. */
  public TrainingOptions {
    atLeastOne("iterations", iterations);
    atLeastOne("training batch size", trainBatchSize);
    if (validationBatchSize != ALL) {
      atLeastOne("validation batch size (or -1 for all)", validationBatchSize);
    }
    atLeastOne("evaluation interval", evalStepInterval);
    if (histogramInterval < 0) {
      throw new IllegalArgumentException(
          "histogram interval must be at least 0, but is " + histogramInterval);
    }
    earlyStop.ifPresent(value -> atLeastOne("early stop", value));
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }
}

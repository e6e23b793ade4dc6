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
 * @param earlyStop stop after so many evaluations without a better validation accuracy; absent, the
 *     default, means never
 * @param averageDecay how much of the average of the weights an update keeps, 0 (no average, as
 *     retrain.py) to below 1; default 0.998
 * @param standardize whether the vectors' components are brought to mean 0 and deviation 1 over the
 *     training pictures first, and the layer folded back (retrain.py does not); default true
 * @param seed start of all randomness; default 1
 */
public record TrainingOptions(
    int iterations,
    StepDecay learningRate,
    int trainBatchSize,
    int validationBatchSize,
    int evalStepInterval,
    OptionalInt earlyStop,
    double averageDecay,
    boolean standardize,
    long seed) {
  /** {@code validationBatchSize} for the whole partition. */
  public static final int ALL = -1;

  /** The defaults named above. */
  public static final TrainingOptions DEFAULT =
      new TrainingOptions(
          2000, new StepDecay(0.01, 65, 0.95), 150, ALL, 10, OptionalInt.empty(), 0.998, true, 1);

  /** Checks the ranges. */
  public TrainingOptions {
    atLeastOne("iterations", iterations);
    atLeastOne("training batch size", trainBatchSize);
    if (validationBatchSize != ALL) {
      atLeastOne("validation batch size (or -1 for all)", validationBatchSize);
    }
    atLeastOne("evaluation interval", evalStepInterval);
    earlyStop.ifPresent(value -> atLeastOne("early stop", value));
    if (!(averageDecay >= 0 && averageDecay < 1)) {
      throw new IllegalArgumentException(
          "average decay must be at least 0 and below 1, but is " + averageDecay);
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }
}

package dev.retrain.training;

import dev.retrain.training.sampling.Sampling;
import java.util.List;
import java.util.OptionalInt;

/**
 * How the new layers are trained.
 *
 * @param course what each update looks at, and how many there are; default 2000 of 150 images, each
 *     class as often
 * @param optimizer what an update makes of a gradient; default Adam with a rate of 0.01, times 0.95
 *     every 65 iterations
 * @param hiddenUnits outputs of each hidden layer between the vectors and the final layer, each at
 *     least 1; none by default
 * @param validationBatchSize validation images an evaluation, drawn at random, at least 1; -1, the
 *     default, takes all
 * @param evalStepInterval iterations from one evaluation to the next, at least 1; absent, the
 *     default, as many as the course says: 10, or an epoch's
 * @param histogramInterval evaluations from one with histograms to the next, at least 1; 0 makes
 *     none; default 1
 * @param earlyStop stop after so many evaluations without a higher validation accuracy; absent, the
 *     default, means never
 * @param regularization what steadies the weights; default {@link Regularization#DEFAULT}
 * @param seed start of all randomness; default 1
 */
public record TrainingOptions(
    Sampling course,
    Optimizer optimizer,
    List<Integer> hiddenUnits,
    int validationBatchSize,
    OptionalInt evalStepInterval,
    int histogramInterval,
    OptionalInt earlyStop,
    Regularization regularization,
    long seed) {
  /** {@code validationBatchSize} for the whole partition. */
  public static final int ALL = -1;

  /** The defaults named above. */
  public static final TrainingOptions DEFAULT =
      new TrainingOptions(
          new Sampling.Balanced(2000, 150),
          new Optimizer.Adam(new StepDecay(0.01, 65, 0.95)),
          List.of(),
          ALL,
          OptionalInt.empty(),
          1,
          OptionalInt.empty(),
          Regularization.DEFAULT,
          1);

  /** Checks the ranges. */
  public TrainingOptions {
    hiddenUnits = List.copyOf(hiddenUnits);
    hiddenUnits.forEach(units -> atLeastOne("hidden units", units));
    if (validationBatchSize != ALL) {
      atLeastOne("validation batch size (or -1 for all)", validationBatchSize);
    }
    evalStepInterval.ifPresent(value -> atLeastOne("evaluation interval", value));
    if (histogramInterval < 0) {
      throw new IllegalArgumentException(
          "histogram interval must be at least 0, but is " + histogramInterval);
    }
    earlyStop.ifPresent(value -> atLeastOne("early stop", value));
    if (hiddenUnits.isEmpty() && regularization.dropout() > 0) {
      throw new IllegalArgumentException(
          "dropout is of hidden layers' outputs, and there is no hidden layer");
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }
}

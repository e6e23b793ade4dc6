package dev.retrain.cli.option.training;

import dev.retrain.training.TrainingOptions;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Batch sizes, and how often a training is evaluated. */
final class BatchGroup {
  /** retrain.py's default; it is tested in batches all the same. */
  static final int WHOLE_TEST_SET = -1;

  static final int DEFAULT_TEST_BATCH_SIZE = 8000;

  @Option(
      names = {"--train-batch-size", "--batch-size"},
      paramLabel = "N",
      description = "Images per training batch. Default: ${DEFAULT-VALUE}.")
  int trainBatchSize = 150;

  @Option(
      names = "--validation-batch-size",
      paramLabel = "N",
      description =
          "Images per evaluation on the validation set; -1 for all of them. Default:"
              + " ${DEFAULT-VALUE}.")
  int validationBatchSize = TrainingOptions.DEFAULT.validationBatchSize();

  @Option(
      names = "--test-batch-size",
      paramLabel = "N",
      description =
          "Images per batch of the final test, which always covers the whole test set; -1"
              + " (retrain.py's default) means "
              + DEFAULT_TEST_BATCH_SIZE
              + ". Default: ${DEFAULT-VALUE}.")
  int testBatchSize = DEFAULT_TEST_BATCH_SIZE;

  @Option(
      names = "--eval-step-interval",
      paramLabel = "N",
      description = "Iterations between evaluations. Default: 10; with --epochs, once per epoch.")
  private Integer evalStepInterval;

  @Option(
      names = "--histogram-interval",
      paramLabel = "N",
      description =
          "Evaluations between histograms for TensorBoard; 0 for none. Default: ${DEFAULT-VALUE}.")
  int histogramInterval = TrainingOptions.DEFAULT.histogramInterval();

  @Option(
      names = {"--early-stop", "--early-stopping-patience"},
      paramLabel = "N",
      description =
          "Early stopping: stop after N evaluations without a better validation accuracy. Default:"
              + " off.")
  private Integer earlyStop;

  OptionalInt evaluationInterval() {
    return optional(evalStepInterval);
  }

  OptionalInt earlyStoppingPatience() {
    return optional(earlyStop);
  }

  private static OptionalInt optional(Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}

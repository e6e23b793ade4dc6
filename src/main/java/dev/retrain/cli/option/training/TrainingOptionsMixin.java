package dev.retrain.cli.option.training;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.OptionRule.Excludes;
import dev.retrain.cli.option.rule.OptionRule.Requires;
import dev.retrain.cli.option.rule.RuledOptions;
import dev.retrain.training.TrainingOptions;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How the head is trained. The order of the options is the order of the settings in the names of a
 * sweep's runs, and so must not change.
 */
public final class TrainingOptionsMixin implements RuledOptions {
  /** The rules of these options, for a command that takes lists of their values, too. */
  public static final List<OptionRule> RULES =
      List.of(
          new Excludes(Set.of("--epochs"), Set.of("--iterations")),
          new Excludes(Set.of("--iterations"), Set.of("--epochs")),
          Requires.givenOr(
              "--class-weights",
              "--epochs",
              "with --iterations, batches already draw all classes equally often"),
          Requires.value("--momentum", "--optimizer", "sgd"),
          Requires.value("--decay-steps", "--schedule", "staircase"),
          Requires.value("--decay-rate", "--schedule", "staircase"));

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nTraining:%n")
  private HeadGroup head = new HeadGroup();

  @ArgGroup(validate = false, heading = "%nOptimizer:%n")
  private OptimizerGroup optimizer = new OptimizerGroup();

  @ArgGroup(validate = false, heading = "%nBatches and evaluation:%n")
  private BatchGroup batch = new BatchGroup();

  @ArgGroup(validate = false, heading = "%nRegularization and seed:%n")
  private RegularizationGroup regularization = new RegularizationGroup();

  @Override
  public List<OptionRule> rules() {
    return RULES;
  }

  /**
   * @throws ParameterException if a value is invalid
   */
  public TrainingOptions training() {
    return UsageErrors.validate(
        spec,
        () ->
            new TrainingOptions(
                head.sampling(batch.trainBatchSize),
                optimizer.optimizer(),
                head.hiddenUnits(),
                batch.validationBatchSize,
                batch.evaluationInterval(),
                batch.histogramInterval,
                batch.earlyStoppingPatience(),
                regularization.regularization(head.dropout),
                head.classWeights(),
                regularization.seed));
  }

  /**
   * Images per batch of the final test.
   *
   * @throws ParameterException if it is not positive
   */
  public int testBatchSize() {
    if (batch.testBatchSize == BatchGroup.WHOLE_TEST_SET) {
      return BatchGroup.DEFAULT_TEST_BATCH_SIZE;
    }
    if (batch.testBatchSize < 1) {
      throw UsageErrors.create(
          spec, "--test-batch-size must be at least 1, or -1, but is %d", batch.testBatchSize);
    }
    return batch.testBatchSize;
  }
}

package dev.retrain.cli.option.training;

import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The optimizer and its learning rate. */
final class OptimizerGroup {
  private static final LearningRate.Staircase DECAY = new LearningRate.Staircase(0.01, 65, 0.95);

  @Option(
      names = "--optimizer",
      paramLabel = "OPTIMIZER",
      description = "The optimizer: adam or sgd. Default: ${DEFAULT-VALUE}.")
  private Rule optimizer = Rule.ADAM;

  @Option(
      names = "--momentum",
      paramLabel = "FRACTION",
      description = "Momentum of --optimizer sgd. Default: ${DEFAULT-VALUE}.")
  private double momentum = 0.9;

  @Option(
      names = {"--lr", "--learning-rate"},
      paramLabel = "RATE",
      description = "Initial learning rate. Default: ${DEFAULT-VALUE}.")
  private double learningRate = DECAY.initial();

  @Option(
      names = "--schedule",
      paramLabel = "SCHEDULE",
      description =
          "Learning-rate schedule: staircase, cosine or constant. Default: ${DEFAULT-VALUE}.")
  private Schedule schedule = Schedule.STAIRCASE;

  @Option(
      names = "--decay-steps",
      paramLabel = "N",
      description =
          "Iterations between the steps of the staircase schedule. Default: ${DEFAULT-VALUE}.")
  private int decaySteps = DECAY.decaySteps();

  @Option(
      names = "--decay-rate",
      paramLabel = "FACTOR",
      description =
          "The staircase schedule multiplies the learning rate by this factor at each step. Default:"
              + " ${DEFAULT-VALUE}.")
  private double decayRate = DECAY.decayRate();

  private enum Schedule {
    STAIRCASE,
    COSINE,
    CONSTANT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private enum Rule {
    ADAM,
    SGD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Optimizer optimizer() {
    return switch (optimizer) {
      case ADAM -> new Optimizer.Adam(learningRate());
      case SGD -> new Optimizer.Sgd(learningRate(), momentum);
    };
  }

  private LearningRate learningRate() {
    return switch (schedule) {
      case STAIRCASE -> new LearningRate.Staircase(learningRate, decaySteps, decayRate);
      case COSINE -> new LearningRate.Cosine(learningRate);
      case CONSTANT -> new LearningRate.Constant(learningRate);
    };
  }
}

package dev.retrain.cli.option;

import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import dev.retrain.training.Regularization;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.sampling.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How the layers are trained. */
public final class TrainingOptionsMixin {
  private static final Sampling.Balanced COURSE = new Sampling.Balanced(2000, 150);
  private static final LearningRate.Staircase DECAY = new LearningRate.Staircase(0.01, 65, 0.95);

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

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @ArgGroup(validate = false, heading = "%nTraining:%n")
  private Training training = new Training();

  private static final class Training {
    @Option(
        names = "--iterations",
        paramLabel = "N",
        description =
            "Updates of the weights, each class drawn as often. Default: ${DEFAULT-VALUE}.")
    private int iterations = COURSE.iterations();

    @Option(
        names = "--epochs",
        paramLabel = "N",
        description =
            "In place of --iterations: every training image N times, shuffled, with rare classes"
                + " as rare as they are.")
    private Integer epochs;

    @Option(
        names = "--hidden-units",
        paramLabel = "N[,M]",
        split = ",",
        description =
            "Layers of so many rectified units between the vectors and the final layer. Default:"
                + " none, as retrain.py.")
    private List<Integer> hiddenUnits;

    @Option(
        names = "--dropout",
        paramLabel = "SHARE",
        description =
            "Share of the hidden units left out at each update, others each time. Default:"
                + " ${DEFAULT-VALUE}.")
    private double dropout = Regularization.DEFAULT.dropout();

    @Option(
        names = "--optimizer",
        paramLabel = "OPTIMIZER",
        description = "What makes updates of gradients: adam or sgd. Default: ${DEFAULT-VALUE}.")
    private Rule optimizer = Rule.ADAM;

    @Option(
        names = "--momentum",
        paramLabel = "SHARE",
        description =
            "With --optimizer sgd: share of the last step that the next one keeps. Default:"
                + " ${DEFAULT-VALUE}.")
    private double momentum = 0.9;

    @Option(
        names = "--lr",
        paramLabel = "RATE",
        description = "Learning rate at the start. Default: ${DEFAULT-VALUE}.")
    private double learningRate = DECAY.initial();

    @Option(
        names = "--schedule",
        paramLabel = "SCHEDULE",
        description =
            "How the learning rate goes on: staircase (--decay-steps, --decay-rate), cosine (half a"
                + " wave, down to 0 at the end) or constant. Default: ${DEFAULT-VALUE}.")
    private Schedule schedule = Schedule.STAIRCASE;

    @Option(
        names = "--decay-steps",
        paramLabel = "N",
        description = "Iterations after which the learning rate falls. Default: ${DEFAULT-VALUE}.")
    private int decaySteps = DECAY.decaySteps();

    @Option(
        names = "--decay-rate",
        paramLabel = "FACTOR",
        description = "What it falls by. Default: ${DEFAULT-VALUE}.")
    private double decayRate = DECAY.decayRate();

    @Option(
        names = "--train-batch-size",
        paramLabel = "N",
        description = "Images an iteration. Default: ${DEFAULT-VALUE}.")
    private int trainBatchSize = COURSE.batchSize();

    @Option(
        names = "--validation-batch-size",
        paramLabel = "N",
        description = "Images an evaluation, -1 for all. Default: ${DEFAULT-VALUE}.")
    private int validationBatchSize = TrainingOptions.DEFAULT.validationBatchSize();

    @Option(
        names = "--test-batch-size",
        paramLabel = "N",
        description =
            "Test images run at once; the test is always of all. Default: ${DEFAULT-VALUE}.")
    private int testBatchSize = 8000;

    @Option(
        names = "--eval-step-interval",
        paramLabel = "N",
        description =
            "Iterations from one evaluation to the next. Default: 10; with --epochs an epoch's.")
    private Integer evalStepInterval;

    @Option(
        names = "--histogram-interval",
        paramLabel = "N",
        description =
            "Evaluations from one with histograms for TensorBoard to the next; 0 makes none."
                + " Default: ${DEFAULT-VALUE}.")
    private int histogramInterval = TrainingOptions.DEFAULT.histogramInterval();

    @Option(
        names = "--early-stop",
        paramLabel = "N",
        description = "Stop after N evaluations without a better one. Default: never.")
    private Integer earlyStop;

    @Option(
        names = "--average-decay",
        paramLabel = "SHARE",
        description =
            "What is evaluated and kept is a moving average of the weights; this share of it stays"
                + " at each update. 0 keeps the last weights, as retrain.py. Default:"
                + " ${DEFAULT-VALUE}.")
    private double averageDecay = Regularization.DEFAULT.averageDecay();

    @Option(
        names = "--no-standardize",
        description =
            "Train on the vectors as they come, as retrain.py, in place of bringing their"
                + " components to one mean and spread.")
    private boolean raw;

    @Option(
        names = "--l2",
        paramLabel = "STRENGTH",
        description =
            "Penalty on large weights, which keeps few images from being learnt by heart: as"
                + " strong as so many images. 0 is none, as retrain.py. Default:"
                + " ${DEFAULT-VALUE}.")
    private double l2 = Regularization.DEFAULT.l2();

    @Option(
        names = "--weight-decay",
        paramLabel = "STRENGTH",
        description =
            "This share of the weights, times the learning rate, goes at each update, whatever the"
                + " gradient says (as AdamW). Default: ${DEFAULT-VALUE}.")
    private double weightDecay = Regularization.DEFAULT.weightDecay();

    @Option(
        names = "--label-smoothing",
        paramLabel = "SHARE",
        description =
            "Share of each label that is spread over all classes, so that nothing is learnt as"
                + " certain. Default: ${DEFAULT-VALUE}.")
    private double labelSmoothing = Regularization.DEFAULT.labelSmoothing();

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Start of all randomness. Default: ${DEFAULT-VALUE}.")
    private long seed = TrainingOptions.DEFAULT.seed();
  }

  /**
   * @throws IllegalArgumentException where a value is out of its range, or options don't go
   *     together
   */
  public TrainingOptions training() {
    checkTogether();
    TrainingOptions.Builder options =
        TrainingOptions.builder()
            .sampling(sampling())
            .optimizer(optimizer())
            .validationBatchSize(training.validationBatchSize)
            .histogramInterval(training.histogramInterval)
            .regularization(regularization())
            .seed(training.seed);
    if (training.hiddenUnits != null) {
      options.hiddenUnits(training.hiddenUnits);
    }
    if (training.evalStepInterval != null) {
      options.evalStepInterval(training.evalStepInterval);
    }
    if (training.earlyStop != null) {
      options.earlyStop(training.earlyStop);
    }
    return options.build();
  }

  private Regularization regularization() {
    return Regularization.builder()
        .standardize(!training.raw)
        .l2(training.l2)
        .averageDecay(training.averageDecay)
        .weightDecay(training.weightDecay)
        .labelSmoothing(training.labelSmoothing)
        .dropout(training.dropout)
        .build();
  }

  private void checkTogether() {
    if (training.epochs != null && given("--iterations")) {
      throw new IllegalArgumentException("--iterations and --epochs exclude each other");
    }
    if (training.optimizer != Rule.SGD && given("--momentum")) {
      throw new IllegalArgumentException("--momentum goes with --optimizer sgd alone");
    }
    for (String stairs : List.of("--decay-steps", "--decay-rate")) {
      if (training.schedule != Schedule.STAIRCASE && given(stairs)) {
        throw new IllegalArgumentException(stairs + " goes with --schedule staircase alone");
      }
    }
  }

  private boolean given(String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  private Sampling sampling() {
    return training.epochs == null
        ? new Sampling.Balanced(training.iterations, training.trainBatchSize)
        : new Sampling.Epochs(training.epochs, training.trainBatchSize);
  }

  private Optimizer optimizer() {
    return switch (training.optimizer) {
      case ADAM -> new Optimizer.Adam(learningRate());
      case SGD -> new Optimizer.Sgd(learningRate(), training.momentum);
    };
  }

  private LearningRate learningRate() {
    return switch (training.schedule) {
      case STAIRCASE ->
          new LearningRate.Staircase(
              training.learningRate, training.decaySteps, training.decayRate);
      case COSINE -> new LearningRate.Cosine(training.learningRate);
      case CONSTANT -> new LearningRate.Constant(training.learningRate);
    };
  }

  /** The keys of options that say nothing beside the others. */
  public List<String> withoutForce() {
    List<String> keys = new ArrayList<>();
    if (training.epochs != null) {
      keys.add("iterations");
    }
    if (training.optimizer != Rule.SGD) {
      keys.add("momentum");
    }
    if (training.schedule != Schedule.STAIRCASE) {
      keys.addAll(List.of("decay_steps", "decay_rate"));
    }
    return keys;
  }

  public int testBatchSize() {
    return training.testBatchSize;
  }
}

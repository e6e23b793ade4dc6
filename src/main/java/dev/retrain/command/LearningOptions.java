package dev.retrain.command;

import dev.retrain.training.Regularization;
import dev.retrain.training.StepDecay;
import dev.retrain.training.TrainingOptions;
import java.util.OptionalInt;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How the layer is trained. */
final class LearningOptions {
  @ArgGroup(validate = false, heading = "%nTraining:%n")
  private Training training = new Training();

  private static final class Training {
    @Option(
        names = "--iterations",
        paramLabel = "N",
        description = "Updates of the weights. Default: ${DEFAULT-VALUE}.")
    private int iterations = TrainingOptions.DEFAULT.iterations();

    @Option(
        names = "--lr",
        paramLabel = "RATE",
        description = "Learning rate at the start. Default: ${DEFAULT-VALUE}.")
    private double learningRate = TrainingOptions.DEFAULT.learningRate().initial();

    @Option(
        names = "--decay-steps",
        paramLabel = "N",
        description = "Iterations after which the learning rate falls. Default: ${DEFAULT-VALUE}.")
    private int decaySteps = TrainingOptions.DEFAULT.learningRate().steps();

    @Option(
        names = "--decay-rate",
        paramLabel = "FACTOR",
        description = "What it falls by. Default: ${DEFAULT-VALUE}.")
    private double decayRate = TrainingOptions.DEFAULT.learningRate().rate();

    @Option(
        names = "--train-batch-size",
        paramLabel = "N",
        description = "Pictures an iteration. Default: ${DEFAULT-VALUE}.")
    private int trainBatchSize = TrainingOptions.DEFAULT.trainBatchSize();

    @Option(
        names = "--validation-batch-size",
        paramLabel = "N",
        description = "Pictures an evaluation, -1 for all. Default: ${DEFAULT-VALUE}.")
    private int validationBatchSize = TrainingOptions.DEFAULT.validationBatchSize();

    @Option(
        names = "--test-batch-size",
        paramLabel = "N",
        description =
            "Test pictures run at once; the test is always of all. Default: ${DEFAULT-VALUE}.")
    private int testBatchSize = 8000;

    @Option(
        names = "--eval-step-interval",
        paramLabel = "N",
        description = "Iterations from one evaluation to the next. Default: ${DEFAULT-VALUE}.")
    private int evalStepInterval = TrainingOptions.DEFAULT.evalStepInterval();

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
            "Penalty on large weights, which keeps few pictures from being learnt by heart: as"
                + " strong as so many pictures. 0 is none, as retrain.py. Default:"
                + " ${DEFAULT-VALUE}.")
    private double l2 = Regularization.DEFAULT.l2();

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Start of all randomness. Default: ${DEFAULT-VALUE}.")
    private long seed = TrainingOptions.DEFAULT.seed();
  }

  TrainingOptions training() {
    return new TrainingOptions(
        training.iterations,
        new StepDecay(training.learningRate, training.decaySteps, training.decayRate),
        training.trainBatchSize,
        training.validationBatchSize,
        training.evalStepInterval,
        training.histogramInterval,
        training.earlyStop == null ? OptionalInt.empty() : OptionalInt.of(training.earlyStop),
        new Regularization(!training.raw, training.l2, training.averageDecay),
        training.seed);
  }

  int testBatchSize() {
    return training.testBatchSize;
  }
}

package dev.retrain.cli.option.training;

import dev.retrain.training.Regularization;
import dev.retrain.training.TrainingOptions;
import picocli.CommandLine.Option;

/** Regularization, and the seed. */
final class RegularizationGroup {
  @Option(
      names = {"--average-decay", "--ema-decay"},
      paramLabel = "FRACTION",
      description =
          "Decay of the exponential moving average (EMA) of the weights, which is evaluated and"
              + " saved. 0 uses the last weights, as in retrain.py. Default: ${DEFAULT-VALUE}.")
  private double averageDecay = Regularization.DEFAULT.averageDecay();

  @Option(
      names = "--no-standardize",
      description =
          "Train on the vectors as they are, as in retrain.py, without standardizing their components"
              + " to mean 0 and variance 1.")
  private boolean raw;

  @Option(
      names = "--l2",
      paramLabel = "STRENGTH",
      description =
          "L2 penalty against overfitting; it is divided by the number of training images. 0 for"
              + " none, as in retrain.py. Default: ${DEFAULT-VALUE}.")
  private double l2 = Regularization.DEFAULT.l2();

  @Option(
      names = "--weight-decay",
      paramLabel = "STRENGTH",
      description =
          "Decoupled weight decay (AdamW), multiplied by the learning rate. Default:"
              + " ${DEFAULT-VALUE}.")
  private double weightDecay = Regularization.DEFAULT.weightDecay();

  @Option(
      names = "--label-smoothing",
      paramLabel = "FRACTION",
      description =
          "Label smoothing: the share of each label that is spread over all classes. Default:"
              + " ${DEFAULT-VALUE}.")
  private double labelSmoothing = Regularization.DEFAULT.labelSmoothing();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Random seed. Default: ${DEFAULT-VALUE}.")
  long seed = TrainingOptions.DEFAULT.seed();

  Regularization regularization(double dropout) {
    return new Regularization(!raw, l2, averageDecay, weightDecay, labelSmoothing, dropout);
  }
}

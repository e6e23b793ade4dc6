package dev.retrain.cli.option.training;

import dev.retrain.training.Regularization;
import dev.retrain.training.sampling.Sampling;
import java.util.List;
import picocli.CommandLine.Option;

/** The trained layers, and for how long they are trained. */
final class HeadGroup {
  private static final int ITERATIONS = 2000;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description =
          "Training iterations (weight updates); each batch draws all classes equally often. Default:"
              + " ${DEFAULT-VALUE}.")
  private int iterations = ITERATIONS;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Instead of --iterations: pass N times over the shuffled training images, without"
              + " balancing the classes.")
  private Integer epochs;

  @Option(
      names = "--hidden-units",
      paramLabel = "N[,M]",
      split = ",",
      description =
          "Hidden ReLU layers with this many units each, between the feature vector and the softmax"
              + " layer. Default: none, as in retrain.py.")
  private List<Integer> hiddenUnits;

  @Option(
      names = "--dropout",
      paramLabel = "FRACTION",
      description = "Dropout rate of the hidden units. Default: ${DEFAULT-VALUE}.")
  double dropout = Regularization.DEFAULT.dropout();

  List<Integer> hiddenUnits() {
    return hiddenUnits == null ? List.of() : hiddenUnits;
  }

  Sampling sampling(int batchSize) {
    return epochs == null
        ? new Sampling.Balanced(iterations, batchSize)
        : new Sampling.Epochs(epochs, batchSize);
  }
}

package dev.retrain.cli.option.training;

import dev.retrain.training.Regularization;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.training.weight.ClassWeightFile;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Option(
      names = "--class-weights",
      paramLabel = "WEIGHTS",
      description =
          "With --epochs: how much the images of each class count in the training loss. balanced:"
              + " each class counts the same in total, as in scikit-learn. Otherwise a CSV file with"
              + " the columns class and weight. Weights are scaled to a mean of 1. Default: all"
              + " images count the same.")
  private String classWeights;

  ClassWeights classWeights() {
    if (classWeights == null) {
      return ClassWeights.NONE;
    }
    if (classWeights.equals("balanced")) {
      return ClassWeights.BALANCED;
    }
    Path file = Path.of(classWeights);
    if (!Files.isRegularFile(file)) {
      throw new InvalidSettingException(
          Setting.CLASS_WEIGHTS,
          "must be balanced or an existing CSV file, but is '%s'",
          classWeights);
    }
    try {
      return ClassWeightFile.read(file);
    } catch (IOException e) {
      throw new RetrainException(e, "%s can't be read: %s.", file, IoReason.of(e));
    }
  }

  List<Integer> hiddenUnits() {
    return hiddenUnits == null ? List.of() : hiddenUnits;
  }

  Sampling sampling(int batchSize) {
    return epochs == null
        ? new Sampling.Balanced(iterations, batchSize)
        : new Sampling.Epochs(epochs, batchSize);
  }
}

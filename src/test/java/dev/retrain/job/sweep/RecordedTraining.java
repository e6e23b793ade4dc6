package dev.retrain.job.sweep;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.tensorboard.HParams.Status;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.HeadTrainer;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A training on vectors in memory, with its TensorBoard events. */
public final class RecordedTraining {
  private RecordedTraining() {}

  /**
   * Trains, and waits until all events are written.
   *
   * @param iterations number of iterations; other options have their defaults
   * @param training the training set
   * @param validation the validation set
   * @param classes number of classes
   * @param logs TensorBoard's directory
   */
  public static TrainingResult run(
      int iterations, Vectors training, Vectors validation, int classes, Path logs)
      throws IOException {
    TrainingOptions defaults = TrainingOptions.DEFAULT;
    TrainingOptions options =
        new TrainingOptions(
            new Sampling.Balanced(iterations, defaults.sampling().batchSize()),
            defaults.optimizer(),
            defaults.hiddenUnits(),
            defaults.validationBatchSize(),
            defaults.evalStepInterval(),
            defaults.histogramInterval(),
            defaults.earlyStop(),
            defaults.regularization(),
            defaults.classWeights(),
            defaults.seed());
    try (TensorBoardListener events = new TensorBoardListener(logs, Optional.empty(), Map.of())) {
      TrainingResult result =
          new HeadTrainer(options, events, Progress.NONE).train(training, validation, classes);
      events.finish(Status.SUCCESS);
      return result;
    }
  }
}

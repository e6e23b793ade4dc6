package dev.retrain.job.sweep;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.job.train.TrainJob;
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

/** A training whose events are written as {@link TrainJob} writes them, from vectors at hand. */
public final class RecordedTraining {
  private RecordedTraining() {}

  /**
   * Trains, until everything is written.
   *
   * @param iterations updates; all else as by default
   * @param training the vectors to fit to
   * @param validation the vectors to choose by
   * @param classes number of classes
   * @param logs TensorBoard's directory
   */
  public static TrainingResult run(
      int iterations, Vectors training, Vectors validation, int classes, Path logs)
      throws IOException {
    TrainingOptions options =
        TrainingOptions.builder()
            .sampling(
                new Sampling.Balanced(iterations, TrainingOptions.DEFAULT.sampling().batchSize()))
            .build();
    try (TensorBoardListener events = new TensorBoardListener(logs, Optional.empty(), Map.of())) {
      TrainingResult result =
          new HeadTrainer(options, events, Progress.NONE).train(training, validation, classes);
      events.finish(Status.SUCCESS);
      return result;
    }
  }
}

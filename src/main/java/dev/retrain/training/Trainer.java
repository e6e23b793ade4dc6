package dev.retrain.training;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.work.Progress;

/** Fits a head to vectors. */
public final class Trainer {
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final Progress progress;

  /**
   * @param options how
   * @param listener hears how it goes
   * @param progress is told of every iteration, and may stop the work
   */
  public Trainer(TrainingOptions options, TrainingListener listener, Progress progress) {
    this.options = options;
    this.listener = listener;
    this.progress = progress;
  }

  /**
   * Trains a head. Equal vectors and options give equal weights, bit for bit, on one machine.
   *
   * @param training the vectors to fit to, at least one
   * @param validation the vectors to choose by, at least one
   * @param classes number of classes
   * @return the best head, by accuracy on the validation vectors
   * @throws DivergedTraining where the loss is no longer a number
   */
  public TrainingResult train(Vectors training, Vectors validation, int classes) {
    Standardization standardization =
        options.regularization().standardize()
            ? Standardization.of(training)
            : Standardization.none(training.length());
    try (TrainingGraph graph =
            new TrainingGraph(
                training.length(),
                classes,
                standardization,
                (float) (options.regularization().l2() / training.count()),
                options);
        ValidationBatches batches = new ValidationBatches(validation, classes, options);
        TrainingRun run =
            new TrainingRun(options, graph, training, classes, batches, listener, progress)) {
      listener.started(graph.definition());
      return run.run();
    } finally {
      progress.end();
    }
  }
}

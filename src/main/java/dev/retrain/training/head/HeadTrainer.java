package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;

/** Fits a head to vectors. */
public final class HeadTrainer {
  /** A file of TensorFlow's ends at 2 GiB; an eighth is left to the network. */
  private static final int MOST_NUMBERS = (Integer.MAX_VALUE / Float.BYTES) / 8 * 7;

  private final TrainingOptions options;
  private final TrainingListener listener;
  private final Progress progress;

  /**
   * @param options how
   * @param listener hears how it goes
   * @param progress is told of every iteration, and may stop the work
   */
  public HeadTrainer(TrainingOptions options, TrainingListener listener, Progress progress) {
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
   * @throws TrainingDivergedException where the loss is no longer a number
   * @throws RetrainException where the layers have more numbers than a model's file can hold
   */
  public TrainingResult train(Vectors training, Vectors validation, int classes) {
    checkSize(training.length(), classes);
    Standardization standardization =
        options.regularization().standardize()
            ? Standardization.fit(training)
            : Standardization.none(training.length());
    try (HeadTrainingGraph graph =
            new HeadTrainingGraph(
                training.length(),
                classes,
                standardization,
                (float) (options.regularization().l2() / training.count()),
                options);
        ValidationBatches batches = new ValidationBatches(validation, classes, options);
        TrainingLoop run =
            new TrainingLoop(options, graph, training, classes, batches, listener, progress)) {
      listener.started(graph.definition());
      return run.run();
    } finally {
      progress.end();
    }
  }

  private void checkSize(int inputs, int classes) {
    double numbers = 0;
    double width = inputs;
    for (int units : options.hiddenUnits()) {
      numbers += (width + 1) * units;
      width = units;
    }
    numbers += (width + 1) * classes;
    if (numbers > MOST_NUMBERS) {
      throw new RetrainException(
          ("The layers have %,.0f weights and biases, and a model's file holds %,d at most; take"
                  + " fewer --hidden-units.")
              .formatted(numbers, MOST_NUMBERS));
    }
  }
}

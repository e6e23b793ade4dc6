package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.Objective;
import dev.retrain.training.Targets;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.batch.TargetFormat;
import dev.retrain.training.graph.HeadShape;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.training.weight.ExampleWeights;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;

/** Trains a head on feature vectors. */
public final class HeadTrainer {
  /** A protocol buffer holds at most 2 GiB; an eighth of it is reserved for the backbone. */
  private static final int MAX_PARAMETERS = (Integer.MAX_VALUE / Float.BYTES) / 8 * 7;

  private final TrainingOptions options;
  private final TrainingListener listener;
  private final Progress progress;

  /**
   * @param options how to train
   * @param listener receives the events of the training
   * @param progress counts the iterations and can cancel the training
   */
  public HeadTrainer(TrainingOptions options, TrainingListener listener, Progress progress) {
    this.options = options;
    this.listener = listener;
    this.progress = progress;
  }

  /**
   * Trains a head for images with exactly one class; the parameters are those of {@link
   * #train(Vectors, Vectors, Targets)}.
   *
   * @param classes number of classes
   */
  public TrainingResult train(Vectors training, Vectors validation, int classes) {
    return train(training, validation, Targets.singleLabel(classes));
  }

  /**
   * Trains a head. On the same machine, equal vectors and options give bit-identical weights.
   *
   * @param training the training vectors, at least one, with the weights of their images
   * @param validation the validation vectors, at least one
   * @param targets what the head predicts
   * @return the head of the best evaluation, by accuracy or mean average precision of the
   *     validation images; if the training is cancelled, the best so far
   * @throws TrainingDivergedException if the loss or the weights become NaN or infinite
   * @throws RetrainException if the layers have more weights than a model file can hold, or the
   *     weights of classes or images can't be used
   */
  public TrainingResult train(Vectors training, Vectors validation, Targets targets) {
    HeadShape shape = new HeadShape(training.length(), options.hiddenUnits(), targets.classes());
    checkSize(shape);
    Standardization standardization =
        options.regularization().standardize()
            ? Standardization.fit(training)
            : Standardization.none(training.length());
    int terms = targets.objective().termsPerImage(targets.classes());
    float penalty = (float) (options.regularization().l2() / training.count() / terms);
    TargetFormat format = format(training, targets);
    TrainingSchedule schedule = TrainingSchedule.create(options, training.count());
    try (HeadTrainingGraph graph =
            new HeadTrainingGraph(shape, format, standardization, penalty, options);
        ValidationBatches validationBatches =
            new ValidationBatches(validation, format.withoutWeights(), options);
        TrainingBatches trainingBatches =
            new TrainingBatches(
                training,
                format,
                options.sampling().batches(training, targets.classes(), options.seed()));
        BackgroundEvaluator evaluator =
            new BackgroundEvaluator(
                graph,
                new ValidationEvaluator(graph, targets, validationBatches, schedule),
                listener)) {
      listener.started(graph.definition());
      return new TrainingLoop(schedule, graph, trainingBatches, evaluator, listener, progress)
          .run();
    } finally {
      progress.end();
    }
  }

  private TargetFormat format(Vectors training, Targets targets) {
    if (targets.objective() == Objective.MULTI_LABEL
        && !options.classWeights().equals(ClassWeights.NONE)) {
      throw new RetrainException(
          "%s can't be used with %s: an image has several classes, which would give it several"
              + " weights.",
          Setting.CLASS_WEIGHTS, Setting.MULTI_LABEL);
    }
    return new TargetFormat(
        targets.objective(),
        targets.classes(),
        ExampleWeights.compute(options.classWeights(), targets.labels(), training));
  }

  private static void checkSize(HeadShape shape) {
    if (shape.parameterCount() > MAX_PARAMETERS) {
      throw new RetrainException(
          "The layers have %,.0f weights and biases, but a model file holds at most %,d."
              + " Reduce %s.",
          shape.parameterCount(), MAX_PARAMETERS, Setting.HIDDEN_UNITS);
    }
  }
}

package dev.retrain.training;

import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;

/**
 * Receives the events of a training, in the order of the iterations. All methods are called on the
 * thread that trains.
 */
public interface TrainingListener {
  /** Ignores all events. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * The training is about to start.
   *
   * @param graph the training graph
   */
  default void started(GraphDef graph) {}

  /**
   * The weights were updated.
   *
   * @param iteration number of updates so far, at least 1
   * @param summary scalars of this update's batch and of the weights before the update: {@code
   *     accuracy}, {@code cross_entropy}, {@code learning_rate}, and mean, standard deviation,
   *     maximum and minimum of weights and biases
   */
  default void updated(int iteration, Summary summary) {}

  /**
   * The averaged weights were evaluated.
   *
   * @param evaluation accuracies and losses
   * @param training histograms of this update's batch; empty if this evaluation has none
   * @param validation the scalars of {@link #updated}, for the averaged weights on the validation
   *     images, and the histograms if there are any
   */
  default void evaluated(Evaluation evaluation, Summary training, Summary validation) {}
}

package dev.retrain.training;

import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;

/** Hears how a training goes, in order, on the training's thread. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * The training is about to start.
   *
   * @param graph the graph that trains the layer
   */
  default void started(GraphDef graph) {}

  /**
   * An update was made.
   *
   * @param iteration updates made, from 1
   * @param summary accuracy, cross_entropy, learning_rate, and what the weights and biases are like
   */
  default void updated(int iteration, Summary summary) {}

  /**
   * The layer was evaluated.
   *
   * @param evaluation how it did
   * @param training histograms of the update's batch
   * @param validation the same figures as of an update, and histograms, of the averaged layer on
   *     the validation images
   */
  default void evaluated(Evaluation evaluation, Summary training, Summary validation) {}
}

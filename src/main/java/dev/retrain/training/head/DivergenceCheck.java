package dev.retrain.training.head;

import dev.retrain.training.LearningRate;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.graph.BatchMetrics;
import dev.retrain.training.graph.FetchedTensors;

/**
 * Throws {@link TrainingDivergedException} for values that are NaN or infinite.
 *
 * @param learningRate the learning-rate schedule of the training
 */
record DivergenceCheck(LearningRate learningRate) {
  void checkLoss(int iteration, BatchMetrics metrics) {
    if (!Float.isFinite(metrics.loss())) {
      throw diverged(iteration, "loss is " + metrics.loss());
    }
  }

  void checkTensors(int iteration, FetchedTensors weightsAndActivations) {
    if (!weightsAndActivations.allFinite()) {
      throw diverged(iteration, "weights or activations are NaN or infinite");
    }
  }

  private TrainingDivergedException diverged(int iteration, String symptom) {
    return new TrainingDivergedException(iteration, symptom, learningRate.initial());
  }
}

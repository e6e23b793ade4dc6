package dev.retrain.training;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;

/** How an update changes the weights, given their gradient. */
public sealed interface Optimizer {
  LearningRate learningRate();

  /**
   * Adam (D. Kingma and J. Ba, 2015) with beta1 0.9, beta2 0.999 and epsilon 1e-8.
   *
   * @param learningRate the learning-rate schedule
   */
  record Adam(LearningRate learningRate) implements Optimizer {}

  /**
   * Stochastic gradient descent with momentum: {@code velocity = momentum * velocity + gradient;
   * weights -= rate * velocity}.
   *
   * @param learningRate the learning-rate schedule
   * @param momentum fraction of the velocity that is kept, at least 0 (no momentum) and below 1
   */
  record Sgd(LearningRate learningRate, double momentum) implements Optimizer {
    /**
     * @throws InvalidSettingException if the momentum is out of range
     */
    public Sgd {
      Ranges.checkFraction(Setting.MOMENTUM, momentum);
    }
  }
}

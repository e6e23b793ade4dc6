package dev.retrain.finetune.graph;

import dev.retrain.training.Ranges;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;

/** How an update changes the variables, given their gradients. */
public sealed interface FineTuneOptimizer {
  /**
   * Adam with decoupled weight decay (I. Loshchilov and F. Hutter, 2019): beta1 0.9, beta2 0.999,
   * epsilon 1e-8.
   */
  record AdamW() implements FineTuneOptimizer {}

  /**
   * Stochastic gradient descent with Nesterov's momentum: {@code velocity = momentum * velocity +
   * gradient; variable -= rate * (gradient + momentum * velocity)}, as in PyTorch.
   *
   * @param momentum at least 0 and below 1
   */
  record Sgd(double momentum) implements FineTuneOptimizer {
    /**
     * @throws InvalidSettingException if the momentum is out of range
     */
    public Sgd {
      Ranges.checkFraction(Setting.FINE_TUNE_MOMENTUM, momentum);
    }
  }
}

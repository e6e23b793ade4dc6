package dev.retrain.finetune.graph;

/** How an update changes the variables, given their gradients. */
public sealed interface FineTuneOptimizer {
  /**
   * Adam with decoupled weight decay (I. Loshchilov and F. Hutter, 2019): beta1 0.9, beta2 0.999,
   * epsilon 1e-8.
   */
  record AdamW() implements FineTuneOptimizer {}

  /**
   * Stochastic gradient descent with Nesterov's momentum.
   *
   * @param momentum at least 0 and below 1
   */
  record Sgd(double momentum) implements FineTuneOptimizer {}
}

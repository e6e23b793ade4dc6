package dev.retrain.training;

/** What an update makes of a gradient. */
public sealed interface Optimizer permits Optimizer.Adam, Optimizer.Sgd {
  /** How large its steps are. */
  LearningRate learningRate();

  /**
   * Adam (D. Kingma and J. Ba, 2015) with beta1 0.9, beta2 0.999, epsilon 1e-8.
   *
   * @param learningRate how large the steps are
   */
  record Adam(LearningRate learningRate) implements Optimizer {}

  /**
   * Stochastic gradient descent: {@code velocity = momentum * velocity + gradient; weights -= rate
   * * velocity}.
   *
   * @param learningRate how large the steps are
   * @param momentum share of the velocity that stays, at least 0 (plain descent) and below 1
   */
  record Sgd(LearningRate learningRate, double momentum) implements Optimizer {
    /** Checks the range. */
    public Sgd {
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException(
            "momentum must be at least 0 and below 1, but is " + momentum);
      }
    }
  }
}

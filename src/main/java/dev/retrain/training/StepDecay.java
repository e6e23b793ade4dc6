package dev.retrain.training;

/**
 * A learning rate that falls in stairs: {@code initial * rate^floor(step / steps)}, TensorFlow's
 * {@code exponential_decay} with {@code staircase=True}.
 *
 * @param initial the rate of step 0, above 0; default 0.01
 * @param steps steps on one stair, at least 1; default 65
 * @param rate a stair's height over the one before, above 0, at most 1; default 0.95
 */
public record StepDecay(double initial, int steps, double rate) implements LearningRate {
  /** Checks the ranges. */
  public StepDecay {
    if (!(initial > 0) || !Double.isFinite(initial)) {
      throw new IllegalArgumentException("learning rate must be above 0, but is " + initial);
    }
    if (steps < 1) {
      throw new IllegalArgumentException("decay steps must be at least 1, but is " + steps);
    }
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException(
          "decay rate must be above 0 and at most 1, but is " + rate);
    }
  }

  @Override
  public float at(int step, int ofSteps) {
    int stair = step / steps;
    return (float) (initial * Math.pow(rate, stair));
  }
}

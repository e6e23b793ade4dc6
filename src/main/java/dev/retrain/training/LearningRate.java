package dev.retrain.training;

/** How large the steps are, from the first to the last. */
public sealed interface LearningRate permits StepDecay, LearningRate.Cosine, LearningRate.Constant {
  /** The rate of step 0, above 0. */
  double initial();

  /**
   * @param step how many updates were made before
   * @param steps how many will be made in all
   * @return the learning rate of the next
   */
  float at(int step, int steps);

  /** Checks the range of a first rate. */
  private static void check(double initial) {
    if (!(initial > 0) || !Double.isFinite(initial)) {
      throw new IllegalArgumentException("learning rate must be above 0, but is " + initial);
    }
  }

  /**
   * Half a wave from the first rate down to none, {@code initial * (1 + cos(pi * step / steps)) /
   * 2} (I. Loshchilov and F. Hutter, SGDR, 2017, without restarts).
   *
   * @param initial the rate of step 0, above 0
   */
  record Cosine(double initial) implements LearningRate {
    /** Checks the range. */
    public Cosine {
      check(initial);
    }

    @Override
    public float at(int step, int steps) {
      return (float) (initial * (1 + Math.cos(Math.PI * step / steps)) / 2);
    }
  }

  /**
   * Always the same.
   *
   * @param initial that rate, above 0
   */
  record Constant(double initial) implements LearningRate {
    /** Checks the range. */
    public Constant {
      check(initial);
    }

    @Override
    public float at(int step, int steps) {
      return (float) initial;
    }
  }
}

package dev.retrain.training;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;

/** A learning-rate schedule: the learning rate of each update. */
public sealed interface LearningRate {
  /** The learning rate of the first update, above 0. */
  double initial();

  /**
   * The learning rate of one update.
   *
   * @param step index of the update, from 0
   * @param steps total number of updates
   */
  float at(int step, int steps);

  /**
   * Decays in steps: {@code initial * decayRate^floor(step / decaySteps)}, which is TensorFlow's
   * {@code exponential_decay} with {@code staircase=True}.
   *
   * @param initial learning rate of the first update, finite and above 0; default 0.01
   * @param decaySteps updates between two decays, at least 1; default 65
   * @param decayRate factor of each decay, above 0 and at most 1; default 0.95
   */
  record Staircase(double initial, int decaySteps, double decayRate) implements LearningRate {
    /**
     * @throws InvalidSettingException if a value is out of range
     */
    public Staircase {
      Ranges.checkPositive(Setting.LEARNING_RATE, initial);
      Ranges.checkAtLeastOne(Setting.DECAY_STEPS, decaySteps);
      Ranges.checkFactor(Setting.DECAY_RATE, decayRate);
    }

    @Override
    public float at(int step, int steps) {
      int decays = step / decaySteps;
      return (float) (initial * Math.pow(decayRate, decays));
    }
  }

  /**
   * Cosine decay to almost 0: {@code initial * (1 + cos(pi * step / steps)) / 2} (I. Loshchilov and
   * F. Hutter, SGDR, 2017, without restarts).
   *
   * @param initial learning rate of the first update, finite and above 0
   */
  record Cosine(double initial) implements LearningRate {
    /**
     * @throws InvalidSettingException if the value is out of range
     */
    public Cosine {
      Ranges.checkPositive(Setting.LEARNING_RATE, initial);
    }

    @Override
    public float at(int step, int steps) {
      return (float) (initial * (1 + Math.cos(Math.PI * step / steps)) / 2);
    }
  }

  /**
   * The same learning rate for every update.
   *
   * @param initial that rate, finite and above 0
   */
  record Constant(double initial) implements LearningRate {
    /**
     * @throws InvalidSettingException if the value is out of range
     */
    public Constant {
      Ranges.checkPositive(Setting.LEARNING_RATE, initial);
    }

    @Override
    public float at(int step, int steps) {
      return (float) initial;
    }
  }
}

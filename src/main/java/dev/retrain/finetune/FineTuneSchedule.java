package dev.retrain.finetune;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;

/** How the learning rate of fine-tuning changes from update to update. */
public sealed interface FineTuneSchedule {
  /** Default number of updates of the warm-up. */
  int DEFAULT_WARMUP = 200;

  /**
   * The learning rate of an update, as a fraction of the largest one.
   *
   * @param step index of the update, from 0
   * @param steps number of all updates
   */
  double factor(int step, int steps);

  /**
   * Rises linearly during the warm-up, and then falls to 0 along half a cosine (I. Loshchilov and
   * F. Hutter, SGDR, 2017, without restarts).
   *
   * @param warmup number of updates of the warm-up, at least 0; at most a fifth of all updates are
   *     used
   */
  record Cosine(int warmup) implements FineTuneSchedule {
    /**
     * @throws InvalidSettingException if the warm-up is negative
     */
    public Cosine {
      checkWarmup(warmup);
    }

    @Override
    public double factor(int step, int steps) {
      int rising = rising(warmup, steps);
      return step < rising
          ? (step + 1.0) / rising
          : fall((double) (step - rising) / (steps - rising));
    }
  }

  /**
   * Rises linearly during the warm-up, and then stays the same.
   *
   * @param warmup number of updates of the warm-up, at least 0; at most a fifth of all updates are
   *     used
   */
  record Constant(int warmup) implements FineTuneSchedule {
    /**
     * @throws InvalidSettingException if the warm-up is negative
     */
    public Constant {
      checkWarmup(warmup);
    }

    @Override
    public double factor(int step, int steps) {
      int rising = rising(warmup, steps);
      return step < rising ? (step + 1.0) / rising : 1;
    }
  }

  /**
   * One cycle (L. Smith and N. Topin, Super-Convergence, 2018) with the values of PyTorch's {@code
   * OneCycleLR}: rises from a 25th to the largest rate, and then falls to a 250,000th, each along
   * half a cosine. The momentum stays the same.
   *
   * @param rise fraction of the updates during which it rises, above 0 and below 1; default 0.3
   */
  record OneCycle(double rise) implements FineTuneSchedule {
    private static final double FIRST = 1.0 / 25;
    private static final double LAST = FIRST / 1e4;

    /** The default. */
    public OneCycle() {
      this(0.3);
    }

    /**
     * @throws InvalidSettingException if the fraction is out of range
     */
    public OneCycle {
      if (!(rise > 0 && rise < 1)) {
        throw new InvalidSettingException(
            Setting.FINE_TUNE_WARMUP,
            "must be a fraction above 0 and below 1 with one cycle, but is %s",
            rise);
      }
    }

    @Override
    public double factor(int step, int steps) {
      // A short training starts at the largest rate.
      double top = Math.max(0, rise * steps - 1);
      double last = steps - 1;
      if (step < top) {
        return FIRST + (1 - FIRST) * (1 - fall(step / top));
      }
      return last <= top ? 1 : LAST + (1 - LAST) * fall((step - top) / (last - top));
    }
  }

  /** Number of updates of the warm-up. */
  private static int rising(int warmup, int steps) {
    return Math.min(warmup, steps / 5);
  }

  /** Half a cosine from 1 to 0. */
  private static double fall(double done) {
    return (1 + Math.cos(Math.PI * done)) / 2;
  }

  private static void checkWarmup(int warmup) {
    if (warmup < 0) {
      throw new InvalidSettingException(
          Setting.FINE_TUNE_WARMUP, "must be at least 0, but is %d", warmup);
    }
  }
}

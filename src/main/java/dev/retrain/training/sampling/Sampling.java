package dev.retrain.training.sampling;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.function.Supplier;

/** How the training batches are drawn, and how many there are. */
public sealed interface Sampling {
  /** Number of images per batch, at least 1. */
  int batchSize();

  /**
   * Total number of batches, which is the number of updates.
   *
   * @param images number of training images
   */
  int iterations(int images);

  /**
   * Default number of iterations from one evaluation to the next.
   *
   * @param images number of training images
   */
  int evalStepInterval(int images);

  /**
   * An infinite sequence of batches, each the indices of its vectors.
   *
   * @param vectors training vectors
   * @param classes number of classes
   * @param seed seed of the random draws
   */
  Supplier<int[]> batches(Vectors vectors, int classes, long seed);

  /**
   * Class-balanced sampling as in retrain.py: all classes are drawn equally often, however many
   * images they have. The default evaluation interval is 10 iterations.
   *
   * @param iterations number of updates, at least 1
   * @param batchSize images per batch, at least 1
   */
  record Balanced(int iterations, int batchSize) implements Sampling {
    private static final int EVAL_STEP_INTERVAL = 10;

    /**
     * @throws InvalidSettingException if a value is out of range
     */
    public Balanced {
      checkAtLeastOne(Setting.ITERATIONS, iterations);
      checkAtLeastOne(Setting.BATCH_SIZE, batchSize);
    }

    @Override
    public int iterations(int images) {
      return iterations;
    }

    @Override
    public int evalStepInterval(int images) {
      return EVAL_STEP_INTERVAL;
    }

    @Override
    public Supplier<int[]> batches(Vectors vectors, int classes, long seed) {
      BalancedSampler sampler = new BalancedSampler(vectors, classes, seed);
      return () -> sampler.next(batchSize);
    }
  }

  /**
   * Each image once per epoch, shuffled anew for each epoch. If the number of images is not a
   * multiple of the batch size, the last batch of an epoch is smaller. The default evaluation
   * interval is one epoch.
   *
   * @param epochs number of epochs, at least 1
   * @param batchSize images per batch, at least 1
   */
  record Epochs(int epochs, int batchSize) implements Sampling {
    /**
     * @throws InvalidSettingException if a value is out of range
     */
    public Epochs {
      checkAtLeastOne(Setting.EPOCHS, epochs);
      checkAtLeastOne(Setting.BATCH_SIZE, batchSize);
    }

    @Override
    public int iterations(int images) {
      return Math.multiplyExact(epochs, evalStepInterval(images));
    }

    @Override
    public int evalStepInterval(int images) {
      return 1 + (images - 1) / batchSize;
    }

    @Override
    public Supplier<int[]> batches(Vectors vectors, int classes, long seed) {
      return new EpochSampler(vectors.count(), batchSize, seed)::next;
    }
  }

  private static void checkAtLeastOne(Setting setting, int value) {
    if (value < 1) {
      throw new InvalidSettingException(setting, "must be at least 1, but is %d", value);
    }
  }
}

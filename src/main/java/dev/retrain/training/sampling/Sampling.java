package dev.retrain.training.sampling;

import dev.retrain.bottleneck.Vectors;
import java.util.function.Supplier;

/** Which images each update looks at, and how many updates there are. */
public sealed interface Sampling permits Sampling.Balanced, Sampling.Epochs {
  /** Updates from one evaluation to the next in a balanced course, where nothing else is said. */
  int INTERVAL = 10;

  /** Images an update, at least 1. */
  int batchSize();

  /**
   * @param images how many there are to train on
   * @return how many updates are made
   */
  int iterations(int images);

  /**
   * @param images how many there are to train on
   * @return updates from one evaluation to the next, where nothing else is said
   */
  int evalStepInterval(int images);

  /**
   * @param vectors what to draw from
   * @param classes number of classes
   * @param seed start of the randomness
   * @return the batches in their order, as indices of vectors; without end
   */
  Supplier<int[]> batches(Vectors vectors, int classes, long seed);

  /**
   * As retrain.py: every class is drawn as often, however many images it has.
   *
   * @param iterations updates, at least 1
   * @param batchSize images an update, at least 1
   */
  record Balanced(int iterations, int batchSize) implements Sampling {
    /** Checks the ranges. */
    public Balanced {
      check("iterations", iterations);
      check("training batch size", batchSize);
    }

    @Override
    public int iterations(int images) {
      return iterations;
    }

    @Override
    public int evalStepInterval(int images) {
      return INTERVAL;
    }

    @Override
    public Supplier<int[]> batches(Vectors vectors, int classes, long seed) {
      BalancedSampler sampler = new BalancedSampler(vectors, classes, seed);
      return () -> sampler.next(batchSize);
    }
  }

  /**
   * Every image once an epoch, each epoch in another order. Where the images are no multiple of the
   * batch size, an epoch's last batch is smaller.
   *
   * @param epochs how often each image is seen, at least 1
   * @param batchSize images an update, at least 1
   */
  record Epochs(int epochs, int batchSize) implements Sampling {
    /** Checks the ranges. */
    public Epochs {
      check("epochs", epochs);
      check("training batch size", batchSize);
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

  private static void check(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }
}

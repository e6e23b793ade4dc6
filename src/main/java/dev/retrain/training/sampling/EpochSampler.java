package dev.retrain.training.sampling;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Splits all images into batches, and shuffles them before each epoch. */
final class EpochSampler {
  private final int[] indices;
  private final int batchSize;
  private final RandomGenerator random;

  /** Number of images of the current epoch that were already returned. */
  private int position;

  EpochSampler(int count, int batchSize, long seed) {
    this.batchSize = batchSize;
    indices = IntStream.range(0, count).toArray();
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    position = count;
  }

  /** Indices of the images of the next batch, which is smaller at the end of an epoch. */
  int[] next() {
    if (position == indices.length) {
      shuffle();
      position = 0;
    }
    int from = position;
    position += Math.min(batchSize, indices.length - from);
    return Arrays.copyOfRange(indices, from, position);
  }

  // Fisher-Yates shuffle.
  private void shuffle() {
    for (int last = indices.length - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      int index = indices[other];
      indices[other] = indices[last];
      indices[last] = index;
    }
  }
}

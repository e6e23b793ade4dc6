package dev.retrain.training.sampling;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Deals all images in batches, and shuffles them anew once all are dealt. */
final class EpochSampler {
  private final int[] cards;
  private final int batchSize;
  private final RandomGenerator random;
  private int dealt;

  EpochSampler(int count, int batchSize, long seed) {
    this.batchSize = batchSize;
    cards = IntStream.range(0, count).toArray();
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    dealt = count;
  }

  /** Indices of the next images: a batch, or what is left of the epoch. */
  int[] next() {
    if (dealt == cards.length) {
      shuffle();
      dealt = 0;
    }
    int from = dealt;
    dealt += Math.min(batchSize, cards.length - from);
    return Arrays.copyOfRange(cards, from, dealt);
  }

  // Fisher and Yates.
  private void shuffle() {
    for (int last = cards.length - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      int card = cards[other];
      cards[other] = cards[last];
      cards[last] = card;
    }
  }
}

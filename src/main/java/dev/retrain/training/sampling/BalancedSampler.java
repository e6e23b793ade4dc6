package dev.retrain.training.sampling;

import dev.retrain.bottleneck.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Draws batches as retrain.py does: for each place a class, uniformly, then an image of it,
 * uniformly. So a rare class is seen as often as a common one.
 *
 * <p>The images of a class are drawn from a shuffled deck, shuffled again when it is used up: each
 * draw is as uniform as retrain.py's independent ones, but in the long run every image is seen
 * equally often, which leaves less noise in the weights.
 */
public final class BalancedSampler {
  private final List<Deck> decks = new ArrayList<>();
  private final RandomGenerator random;

  public BalancedSampler(Vectors vectors, int classes, long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      members.add(new ArrayList<>());
    }
    for (int i = 0; i < vectors.count(); i++) {
      members.get(vectors.label(i)).add(i);
    }
    for (List<Integer> list : members) {
      if (!list.isEmpty()) {
        decks.add(new Deck(list.stream().mapToInt(Integer::intValue).toArray()));
      }
    }
  }

  /** Indices of {@code size} images. */
  public int[] next(int size) {
    int[] batch = new int[size];
    for (int i = 0; i < size; i++) {
      batch[i] = decks.get(random.nextInt(decks.size())).draw();
    }
    return batch;
  }

  /** The images of one class. */
  private final class Deck {
    private final int[] cards;
    private int drawn;

    Deck(int[] cards) {
      this.cards = cards;
    }

    // Fisher and Yates, a step a draw.
    int draw() {
      if (drawn == cards.length) {
        drawn = 0;
      }
      int other = drawn + random.nextInt(cards.length - drawn);
      int card = cards[other];
      cards[other] = cards[drawn];
      cards[drawn++] = card;
      return card;
    }
  }
}

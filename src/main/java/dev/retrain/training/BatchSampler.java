package dev.retrain.training;

import dev.retrain.bottleneck.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Draws batches as retrain.py does: for each place a class, uniformly, then a picture of it,
 * uniformly, with replacement. So a rare class is seen as often as a common one.
 */
final class BatchSampler {
  private final int[][] byClass;
  private final RandomGenerator random;

  BatchSampler(Vectors vectors, int classes, long seed) {
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      members.add(new ArrayList<>());
    }
    for (int i = 0; i < vectors.count(); i++) {
      members.get(vectors.label(i)).add(i);
    }
    byClass =
        members.stream()
            .filter(list -> !list.isEmpty())
            .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Indices of {@code size} pictures. */
  int[] next(int size) {
    int[] batch = new int[size];
    for (int i = 0; i < size; i++) {
      int[] members = byClass[random.nextInt(byClass.length)];
      batch[i] = members[random.nextInt(members.length)];
    }
    return batch;
  }
}

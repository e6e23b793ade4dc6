package dev.retrain.training.sampling;

import dev.retrain.bottleneck.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Draws class-balanced batches as retrain.py does: for each image of a batch, a class uniformly at
 * random, then an image of that class. Rare classes are drawn as often as common ones.
 *
 * <p>Within a class, images are drawn without replacement until all have been drawn, then again in
 * a new order. Each single draw is uniform, as in retrain.py, but all images of a class are drawn
 * equally often in the long run, which reduces the noise of the updates.
 *
 * <p>An image with several classes is an image of each of them, so it is drawn more often than an
 * image with one of them. Images without a class are drawn as if they had one more class in common.
 */
public final class BalancedSampler {
  private final List<ClassImages> classes = new ArrayList<>();
  private final RandomGenerator random;

  /**
   * @param vectors vectors to draw from; classes without vectors are never drawn
   * @param classes number of classes
   * @param seed seed of the random draws
   */
  public BalancedSampler(Vectors vectors, int classes, long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i <= classes; i++) {
      members.add(new ArrayList<>());
    }
    for (int i = 0; i < vectors.count(); i++) {
      int[] labels = vectors.labels(i);
      for (int label : labels) {
        members.get(label).add(i);
      }
      if (labels.length == 0) {
        members.get(classes).add(i);
      }
    }
    for (List<Integer> indices : members) {
      if (!indices.isEmpty()) {
        this.classes.add(new ClassImages(indices.stream().mapToInt(Integer::intValue).toArray()));
      }
    }
  }

  /** Draws the indices of {@code size} vectors. */
  public int[] next(int size) {
    int[] batch = new int[size];
    for (int i = 0; i < size; i++) {
      batch[i] = classes.get(random.nextInt(classes.size())).draw();
    }
    return batch;
  }

  /** The images of one class. */
  private final class ClassImages {
    /** Those before {@link #drawn} have been drawn. */
    private final int[] indices;

    private int drawn;

    ClassImages(int[] indices) {
      this.indices = indices;
    }

    // One step of a Fisher-Yates shuffle.
    int draw() {
      if (drawn == indices.length) {
        drawn = 0;
      }
      int other = drawn + random.nextInt(indices.length - drawn);
      int index = indices[other];
      indices[other] = indices[drawn];
      indices[drawn++] = index;
      return index;
    }
  }
}

package dev.retrain.bottleneck;

import dev.retrain.dataset.labels.LabelSet;
import java.util.Map;
import java.util.Optional;

/**
 * Vectors with the classes of images that may have several, or with weights, by the images' names.
 */
final class AnnotatedVectors implements Vectors {
  private final Vectors vectors;
  private final Optional<int[][]> labels;
  private final Optional<float[]> weights;

  /**
   * @param vectors the vectors
   * @param sets the classes of each image by {@link Vectors#name}; absent to keep the vectors' own
   * @param weightByName the weight of each image by {@link Vectors#name}; absent to keep the
   *     vectors' own
   */
  AnnotatedVectors(
      Vectors vectors,
      Optional<Map<String, LabelSet>> sets,
      Optional<Map<String, Float>> weightByName) {
    this.vectors = vectors;
    labels = sets.map(this::labels);
    weights = weightByName.map(this::weights);
  }

  private int[][] labels(Map<String, LabelSet> sets) {
    int[][] all = new int[vectors.count()][];
    for (int i = 0; i < all.length; i++) {
      all[i] = sets.getOrDefault(vectors.name(i), LabelSet.of()).indexes();
    }
    return all;
  }

  private float[] weights(Map<String, Float> byName) {
    float[] all = new float[vectors.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = byName.getOrDefault(vectors.name(i), 1f);
    }
    return all;
  }

  @Override
  public int count() {
    return vectors.count();
  }

  @Override
  public int length() {
    return vectors.length();
  }

  @Override
  public int label(int index) {
    if (labels.isPresent()) {
      throw new UnsupportedOperationException("the images have any number of classes");
    }
    return vectors.label(index);
  }

  @Override
  public int[] labels(int index) {
    return labels.isPresent() ? labels.get()[index] : vectors.labels(index);
  }

  @Override
  public float weight(int index) {
    return weights.isPresent() ? weights.get()[index] : vectors.weight(index);
  }

  @Override
  public String name(int index) {
    return vectors.name(index);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    vectors.copy(index, target, offset);
  }
}

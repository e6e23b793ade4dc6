package dev.retrain.bottleneck;

import java.util.List;

/** Vectors in one flat array, [count, length]. */
final class FlatVectors implements Vectors {
  private final float[] values;
  private final int length;
  private final int[] labels;
  private final List<String> names;

  /** Takes the arrays over; they are not to be changed. */
  FlatVectors(float[] values, int length, int[] labels, List<String> names) {
    this.values = values;
    this.length = length;
    this.labels = labels;
    this.names = List.copyOf(names);
  }

  @Override
  public int count() {
    return labels.length;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return names.get(index);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(values, index * length, target, offset, length);
  }
}

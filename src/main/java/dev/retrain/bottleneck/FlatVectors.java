package dev.retrain.bottleneck;

import java.util.List;

/** Vectors in one flat array, [count, length]. */
final class FlatVectors extends NamedVectors {
  private final float[] values;

  /** Takes the arrays over; they are not to be changed. */
  FlatVectors(float[] values, int length, int[] labels, List<String> names) {
    super(length, labels, names);
    this.values = values;
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(values, index * length(), target, offset, length());
  }
}

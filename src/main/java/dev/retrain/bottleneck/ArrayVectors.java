package dev.retrain.bottleneck;

import java.util.List;

/** Vectors in arrays of their own. */
final class ArrayVectors extends AbstractVectors {
  private final List<float[]> rows;

  /** Takes the arrays over; they are not to be changed. */
  ArrayVectors(List<float[]> rows, int length, int[] labels, List<String> names) {
    super(length, labels, names);
    this.rows = List.copyOf(rows);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(rows.get(index), 0, target, offset, length());
  }
}

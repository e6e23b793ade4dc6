package dev.retrain.bottleneck;

import java.util.List;

/** Vectors in memory, one array each. */
final class ArrayVectors extends AbstractVectors {
  private final List<float[]> rows;

  /**
   * @param rows the vectors; must not be changed afterwards
   * @param length floats in a vector
   * @param labels their classes; must not be changed afterwards
   * @param names their names
   */
  ArrayVectors(List<float[]> rows, int length, int[] labels, List<String> names) {
    super(length, labels, names);
    this.rows = List.copyOf(rows);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(rows.get(index), 0, target, offset, length());
  }
}

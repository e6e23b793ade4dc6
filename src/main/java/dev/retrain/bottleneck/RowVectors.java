package dev.retrain.bottleneck;

import java.util.List;

/** Vectors in an array each. */
final class RowVectors implements Vectors {
  private final List<float[]> rows;
  private final int length;
  private final int[] labels;
  private final List<String> names;

  /** Takes the arrays over; they are not to be changed. */
  RowVectors(List<float[]> rows, int length, int[] labels, List<String> names) {
    this.rows = List.copyOf(rows);
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
    System.arraycopy(rows.get(index), 0, target, offset, length);
  }
}

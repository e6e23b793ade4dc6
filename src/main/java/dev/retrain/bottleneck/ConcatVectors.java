package dev.retrain.bottleneck;

import java.util.Arrays;
import java.util.List;

/** Several sets of vectors of equal length, one after another. */
final class ConcatVectors implements Vectors {
  private final List<Vectors> parts;

  /** The index of each part's first vector, then the total count. */
  private final int[] starts;

  /**
   * @param parts at least one
   */
  ConcatVectors(List<Vectors> parts) {
    this.parts = List.copyOf(parts);
    starts = new int[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], parts.get(i).count());
    }
  }

  private int part(int index) {
    int found = Arrays.binarySearch(starts, index);
    int part = found >= 0 ? found : -found - 2;
    // Of several parts that start at the same index, only the last is not empty.
    while (part + 1 < parts.size() && starts[part + 1] == starts[part]) {
      part++;
    }
    return part;
  }

  @Override
  public int count() {
    return starts[parts.size()];
  }

  @Override
  public int length() {
    return parts.get(0).length();
  }

  @Override
  public int label(int index) {
    int part = part(index);
    return parts.get(part).label(index - starts[part]);
  }

  @Override
  public int[] labels(int index) {
    int part = part(index);
    return parts.get(part).labels(index - starts[part]);
  }

  @Override
  public float weight(int index) {
    int part = part(index);
    return parts.get(part).weight(index - starts[part]);
  }

  @Override
  public String name(int index) {
    int part = part(index);
    return parts.get(part).name(index - starts[part]);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    int part = part(index);
    parts.get(part).copy(index - starts[part], target, offset);
  }
}

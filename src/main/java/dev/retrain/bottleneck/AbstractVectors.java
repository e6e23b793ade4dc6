package dev.retrain.bottleneck;

import java.util.List;

/** Labels and names of vectors; subclasses hold the numbers. */
public abstract class AbstractVectors implements Vectors {
  private final int length;
  private final int[] labels;
  private final List<String> names;

  /**
   * @param length floats in a vector
   * @param labels the class of each vector; must not be changed afterwards
   * @param names the name of each vector
   */
  protected AbstractVectors(int length, int[] labels, List<String> names) {
    this.length = length;
    this.labels = labels;
    this.names = List.copyOf(names);
  }

  @Override
  public final int count() {
    return labels.length;
  }

  @Override
  public final int length() {
    return length;
  }

  @Override
  public final int label(int index) {
    return labels[index];
  }

  @Override
  public final String name(int index) {
    return names.get(index);
  }
}

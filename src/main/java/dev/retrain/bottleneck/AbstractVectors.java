package dev.retrain.bottleneck;

import java.util.List;

/** What vectors have besides their numbers, wherever these are. */
public abstract class AbstractVectors implements Vectors {
  private final int length;
  private final int[] labels;
  private final List<String> names;

  /** Takes the array over; it is not to be changed. */
  public AbstractVectors(int length, int[] labels, List<String> names) {
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

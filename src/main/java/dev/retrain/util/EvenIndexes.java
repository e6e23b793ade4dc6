package dev.retrain.util;

import java.util.stream.IntStream;

/** Indexes at even distances. */
public final class EvenIndexes {
  private EvenIndexes() {}

  /**
   * Some of the indexes from 0 on, ascending.
   *
   * @param total number of all indexes
   * @param count number of those that are chosen, at most {@code total}
   */
  public static IntStream of(int total, int count) {
    return IntStream.range(0, count).map(i -> (int) ((long) i * total / count));
  }
}

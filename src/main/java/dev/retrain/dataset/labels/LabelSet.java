package dev.retrain.dataset.labels;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The classes of an image, as indexes of a list of classes; may be empty. Immutable. */
public final class LabelSet {
  /** Separates the names of classes in text. */
  public static final String SEPARATOR = ";";

  private final int[] indexes;

  private LabelSet(int[] indexes) {
    this.indexes = indexes;
  }

  /** The classes with these indexes, in any order. */
  public static LabelSet of(int... indexes) {
    return new LabelSet(IntStream.of(indexes).sorted().distinct().toArray());
  }

  /** The classes of either set. */
  public LabelSet union(LabelSet other) {
    return of(IntStream.concat(IntStream.of(indexes), IntStream.of(other.indexes)).toArray());
  }

  /** The indexes, ascending; a copy. */
  public int[] indexes() {
    return indexes.clone();
  }

  /** Number of classes. */
  public int size() {
    return indexes.length;
  }

  /**
   * The names of the classes.
   *
   * @param classes all classes
   */
  public List<String> names(List<String> classes) {
    return IntStream.of(indexes).mapToObj(classes::get).toList();
  }

  /**
   * Splits text with the names of classes, such as {@code cat;dog}. White space around a name is
   * ignored, and so is a name that is repeated.
   *
   * @param text the names, separated by {@value #SEPARATOR}; empty for an image without a class
   * @return the names in their order
   * @throws IllegalArgumentException if a name is empty; the message completes a sentence
   */
  public static List<String> split(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    List<String> names =
        Arrays.stream(text.split(SEPARATOR, -1)).map(String::strip).distinct().toList();
    if (names.contains("")) {
      throw new IllegalArgumentException(
          "the labels '%s' have an empty name; separate names by one '%s'"
              .formatted(text, SEPARATOR));
    }
    return names;
  }

  /** The names of classes as text, in their order, separated by {@value #SEPARATOR}. */
  public static String join(List<String> names) {
    return names.stream().collect(Collectors.joining(SEPARATOR));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelSet set && Arrays.equals(indexes, set.indexes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(indexes);
  }

  @Override
  public String toString() {
    return Arrays.toString(indexes);
  }
}

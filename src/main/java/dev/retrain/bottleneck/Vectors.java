package dev.retrain.bottleneck;

/**
 * Bottleneck vectors with labels: all that training and evaluation need of the images, wherever the
 * vectors come from. Implementations are thread-safe.
 */
public interface Vectors {
  /** The number of vectors. */
  int count();

  /** Floats in a vector. */
  int length();

  /**
   * @param index from 0 to {@code count() - 1}
   * @return the class of the vector's image
   * @throws UnsupportedOperationException if images have any number of classes
   */
  int label(int index);

  /**
   * @param index from 0 to {@code count() - 1}
   * @return the classes of the vector's image, ascending; must not be changed
   */
  default int[] labels(int index) {
    return new int[] {label(index)};
  }

  /**
   * @param index from 0 to {@code count() - 1}
   * @return how much the vector's image counts in the training loss, relative to the others; finite
   *     and above 0, by default 1
   */
  default float weight(int index) {
    return 1;
  }

  /**
   * @param index from 0 to {@code count() - 1}
   * @return a name of the vector's image to display
   */
  String name(int index);

  /**
   * Copies a vector.
   *
   * @param index from 0 to {@code count() - 1}
   * @param target receives {@link #length} floats
   * @param offset index of the first float in the target
   */
  void copy(int index, float[] target, int offset);
}

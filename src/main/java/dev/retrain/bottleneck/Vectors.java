package dev.retrain.bottleneck;

/**
 * Bottleneck vectors with their labels, wherever they come from: all that training and evaluation
 * know of images.
 */
public interface Vectors {
  /** How many vectors there are. */
  int count();

  /** Floats in a vector. */
  int length();

  /**
   * @param index 0 to count - 1
   * @return the class of that vector's image
   */
  int label(int index);

  /**
   * @param index 0 to count - 1
   * @return what the image is called, for people
   */
  String name(int index);

  /**
   * Copies a vector.
   *
   * @param index 0 to count - 1
   * @param target where it goes
   * @param offset the first float's place there
   */
  void copy(int index, float[] target, int offset);
}

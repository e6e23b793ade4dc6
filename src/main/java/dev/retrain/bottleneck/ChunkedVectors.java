package dev.retrain.bottleneck;

import java.util.List;

/**
 * Vectors in memory, in chunks of {@value #CHUNK} per array: several threads can fill chunks at the
 * same time, and the vectors may exceed the size of one array.
 */
public final class ChunkedVectors extends AbstractVectors {
  /** Vectors per chunk; the last chunk may have fewer. */
  public static final int CHUNK = 1024;

  private final float[][] chunks;

  /**
   * @param chunks vectors one after another; must not be changed afterwards
   * @param length floats in a vector
   * @param labels their classes; must not be changed afterwards
   * @param names their names
   */
  public ChunkedVectors(float[][] chunks, int length, int[] labels, List<String> names) {
    super(length, labels, names);
    this.chunks = chunks;
  }

  /** The number of chunks for this many vectors. */
  public static int chunks(int vectors) {
    return (vectors + CHUNK - 1) / CHUNK;
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(chunks[index / CHUNK], index % CHUNK * length(), target, offset, length());
  }
}

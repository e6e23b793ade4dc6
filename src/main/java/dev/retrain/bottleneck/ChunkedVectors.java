package dev.retrain.bottleneck;

import java.util.List;

/**
 * Vectors in memory, in pieces of {@value #PIECE} to an array: several threads can make them at
 * once, and they may be more than one array holds.
 */
final class ChunkedVectors extends AbstractVectors {
  /** Vectors in a piece, but for the last, which may have fewer. */
  static final int PIECE = 1024;

  private final float[][] pieces;

  /** Takes the arrays over; they are not to be changed. */
  ChunkedVectors(float[][] pieces, int length, int[] labels, List<String> names) {
    super(length, labels, names);
    this.pieces = pieces;
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(pieces[index / PIECE], index % PIECE * length(), target, offset, length());
  }
}

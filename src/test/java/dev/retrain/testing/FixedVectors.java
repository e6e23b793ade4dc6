package dev.retrain.testing;

import dev.retrain.bottleneck.Vectors;
import java.util.Random;

/**
 * Vectors in an array; the names are {@code image-<index>}.
 *
 * @param length number of floats of a vector
 * @param rows [count, length]
 * @param labels [count]
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record FixedVectors(int length, float[][] rows, int[] labels) implements Vectors {
  /** Normally distributed vectors around one centre per class. */
  public static FixedVectors clustered(
      long seed, int count, int length, int classes, double spread) {
    Random places = new Random(42);
    double[][] centres = new double[classes][length];
    for (double[] centre : centres) {
      for (int i = 0; i < length; i++) {
        centre[i] = places.nextGaussian();
      }
    }
    Random random = new Random(seed);
    float[][] rows = new float[count][length];
    int[] labels = new int[count];
    for (int row = 0; row < count; row++) {
      labels[row] = row % classes;
      for (int i = 0; i < length; i++) {
        rows[row][i] = (float) (centres[labels[row]][i] + spread * random.nextGaussian());
      }
    }
    return new FixedVectors(length, rows, labels);
  }

  /** The same vectors with other labels. */
  public FixedVectors labelled(int... others) {
    return new FixedVectors(length, rows, others);
  }

  @Override
  public int count() {
    return rows.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return "image-" + index;
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(rows[index], 0, target, offset, length);
  }
}

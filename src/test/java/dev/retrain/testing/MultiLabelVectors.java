package dev.retrain.testing;

import dev.retrain.bottleneck.Vectors;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Vectors of images with any number of classes; the names are {@code image-<index>}.
 *
 * @param rows [count, length]
 * @param sets [count]: the classes of each image, ascending
 * @param weights [count]
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record MultiLabelVectors(float[][] rows, int[][] sets, float[] weights) implements Vectors {
  /** Normally distributed vectors whose classes depend on them, with noise. */
  public static MultiLabelVectors random(long seed, int count, int length, int classes) {
    Random directions = new Random(5);
    double[][] direction = new double[classes][length];
    for (double[] one : direction) {
      for (int i = 0; i < length; i++) {
        one[i] = directions.nextGaussian();
      }
    }
    Random random = new Random(seed);
    float[][] rows = new float[count][length];
    int[][] sets = new int[count][];
    float[] weights = new float[count];
    for (int row = 0; row < count; row++) {
      weights[row] = 1;
      for (int i = 0; i < length; i++) {
        rows[row][i] = (float) random.nextGaussian();
      }
      int current = row;
      sets[row] =
          IntStream.range(0, classes)
              .filter(
                  label -> {
                    double score = label == 0 ? -1 : 0;
                    for (int i = 0; i < length; i++) {
                      score += direction[label][i] * rows[current][i];
                    }
                    return score + 1.5 * random.nextGaussian() > 0.5;
                  })
              .toArray();
    }
    return new MultiLabelVectors(rows, sets, weights);
  }

  /** The same vectors with other weights. */
  public MultiLabelVectors weighted(float... others) {
    return new MultiLabelVectors(rows, sets, others);
  }

  /** [count][classes]: 1 for each class of an image. */
  public double[][] multiHot(int classes) {
    double[][] targets = new double[rows.length][classes];
    for (int row = 0; row < rows.length; row++) {
      for (int label : sets[row]) {
        targets[row][label] = 1;
      }
    }
    return targets;
  }

  @Override
  public int count() {
    return rows.length;
  }

  @Override
  public int length() {
    return rows[0].length;
  }

  @Override
  public int label(int index) {
    throw new UnsupportedOperationException("the images have any number of classes");
  }

  @Override
  public int[] labels(int index) {
    return sets[index];
  }

  @Override
  public float weight(int index) {
    return weights[index];
  }

  @Override
  public String name(int index) {
    return "image-" + index;
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(rows[index], 0, target, offset, length());
  }
}

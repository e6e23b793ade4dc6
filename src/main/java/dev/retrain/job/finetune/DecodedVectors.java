package dev.retrain.job.finetune;

import dev.retrain.bottleneck.Vectors;

/**
 * Vectors of some of the images of a set.
 *
 * @param images the set
 * @param chosen indexes of the images
 * @param values [chosen, length], flat
 * @param length floats per vector
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record DecodedVectors(Vectors images, int[] chosen, float[] values, int length) implements Vectors {
  @Override
  public int count() {
    return chosen.length;
  }

  @Override
  public int label(int index) {
    return images.label(chosen[index]);
  }

  @Override
  public int[] labels(int index) {
    return images.labels(chosen[index]);
  }

  @Override
  public String name(int index) {
    return images.name(chosen[index]);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    System.arraycopy(values, index * length, target, offset, length);
  }
}

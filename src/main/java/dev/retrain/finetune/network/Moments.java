package dev.retrain.finetune.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Mean and variance of each channel of what a normalization normalizes.
 *
 * <p>The arrays are not copied: callers must not change them.
 *
 * @param mean [channels]
 * @param variance [channels]
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Moments(float[] mean, float[] variance) {
  /** Combines the moments of batches of equal size, for several normalizations at once. */
  public static final class Average {
    private final List<double[]> means = new ArrayList<>();
    private final List<double[]> squares = new ArrayList<>();
    private int batches;

    /** Adds the moments of one batch, one element per normalization. */
    public void add(List<Moments> batch) {
      for (int i = 0; i < batch.size(); i++) {
        int channels = batch.get(i).mean().length;
        if (batches == 0) {
          means.add(new double[channels]);
          squares.add(new double[channels]);
        }
        for (int c = 0; c < channels; c++) {
          double mean = batch.get(i).mean()[c];
          means.get(i)[c] += mean;
          // Variances of batches can't be averaged, because their means differ.
          squares.get(i)[c] += batch.get(i).variance()[c] + mean * mean;
        }
      }
      batches++;
    }

    /** The moments over all batches, one element per normalization. */
    public List<Moments> result() {
      List<Moments> result = new ArrayList<>();
      for (int i = 0; i < means.size(); i++) {
        int channels = means.get(i).length;
        float[] mean = new float[channels];
        float[] variance = new float[channels];
        for (int c = 0; c < channels; c++) {
          double average = means.get(i)[c] / batches;
          mean[c] = (float) average;
          variance[c] = (float) Math.max(0, squares.get(i)[c] / batches - average * average);
        }
        result.add(new Moments(mean, variance));
      }
      return result;
    }
  }
}

package dev.retrain.finetune.network;

import dev.retrain.finetune.network.Normalization.Folding;
import java.util.Map;
import java.util.function.Function;

/**
 * The values of one batch normalization before and after training. Computed in double precision.
 *
 * @param normalization the normalization
 * @param moments moments of its input
 */
record NormalizationValues(Normalization normalization, Moments moments) {
  /** What the frozen network computes of a channel: {@code x * scale + bias}. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Affine(double[] scale, double[] bias) {}

  /**
   * Adds the initial gamma and beta, with which the network computes what it computed before.
   *
   * @param frozen returns the values of a constant of the frozen network
   * @param values receives the values by parameter name
   */
  void putInitial(Function<String, float[]> frozen, Map<String, float[]> values) {
    Affine affine = affine(frozen);
    int channels = moments.mean().length;
    float[] gamma = new float[channels];
    float[] beta = new float[channels];
    for (int c = 0; c < channels; c++) {
      gamma[c] = (float) (affine.scale[c] * deviation(c));
      beta[c] = (float) (affine.bias[c] + moments.mean()[c] * affine.scale[c]);
    }
    values.put(normalization.gamma(), gamma);
    values.put(normalization.beta(), beta);
  }

  private double deviation(int channel) {
    return Math.sqrt(moments.variance()[channel] + (double) normalization.epsilon());
  }

  private Affine affine(Function<String, float[]> frozen) {
    int channels = moments.mean().length;
    double[] scale = new double[channels];
    double[] bias = new double[channels];
    Folding folding = normalization.folding();
    for (int c = 0; c < channels; c++) {
      if (folding instanceof Folding.Inference inference) {
        double variance = frozen.apply(inference.variance())[c] + (double) inference.epsilon();
        scale[c] = frozen.apply(inference.gamma())[c] / Math.sqrt(variance);
        bias[c] = frozen.apply(inference.beta())[c] - frozen.apply(inference.mean())[c] * scale[c];
      } else if (folding instanceof Folding.Scale scaled) {
        scale[c] = frozen.apply(scaled.scale())[c];
        bias[c] = frozen.apply(scaled.bias())[c];
      } else if (folding instanceof Folding.Kernel kernel) {
        scale[c] = 1;
        bias[c] = frozen.apply(kernel.bias())[c];
      }
    }
    return new Affine(scale, bias);
  }

  /**
   * Adds the constants of the frozen network that compute what the trained normalization computes.
   *
   * @param values the trained values by parameter name
   * @param constants receives the values by name of a constant
   */
  void putFolded(Map<String, float[]> values, Map<String, float[]> constants) {
    float[] gamma = values.get(normalization.gamma());
    float[] beta = values.get(normalization.beta());
    int channels = gamma.length;
    float[] scale = new float[channels];
    float[] bias = new float[channels];
    for (int c = 0; c < channels; c++) {
      double factor = gamma[c] / deviation(c);
      scale[c] = (float) factor;
      bias[c] = (float) (beta[c] - moments.mean()[c] * factor);
    }
    Folding folding = normalization.folding();
    if (folding instanceof Folding.Inference inference) {
      constants.put(inference.gamma(), gamma);
      constants.put(inference.beta(), beta);
      constants.put(inference.mean(), moments.mean());
      constants.put(inference.variance(), moments.variance());
    } else if (folding instanceof Folding.Scale scaled) {
      constants.put(scaled.scale(), scale);
      constants.put(scaled.bias(), bias);
    } else if (folding instanceof Folding.Kernel kernel) {
      constants.put(kernel.kernel(), scaled(values.get(kernel.kernel()), scale));
      constants.put(kernel.bias(), bias);
    }
  }

  /** The output channel varies fastest, also in a depthwise kernel: [.., inputs, multiplier]. */
  private static float[] scaled(float[] kernel, float[] scale) {
    float[] scaled = kernel.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= scale[i % scale.length];
    }
    return scaled;
  }
}

package dev.retrain.training.graph;

import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * The values that change from update to update.
 *
 * @param step index of the update, from 0
 * @param learningRate learning rate
 * @param averageDecay decay of the moving average, 0 to 1
 */
public record StepSettings(int step, float learningRate, float averageDecay) {
  /** The value of {@link StepInputs#settings()}; to be closed. */
  public TFloat32 settingsTensor() {
    float beta1Power = (float) Math.pow(OptimizerOps.BETA1, step + 1.0);
    float beta2Power = (float) Math.pow(OptimizerOps.BETA2, step + 1.0);
    return TFloat32.vectorOf(learningRate, beta1Power, beta2Power, averageDecay);
  }

  /** The value of {@link StepInputs#step()}; to be closed. */
  public TInt64 stepTensor() {
    return TInt64.scalarOf(step);
  }
}

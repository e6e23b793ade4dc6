package dev.retrain.training;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;

/** The training diverged: its loss, weights or activations became NaN or infinite. */
public final class TrainingDivergedException extends RetrainException {
  private static final long serialVersionUID = 1L;

  /**
   * @param iteration iteration where this was found, from 1
   * @param symptom what is not finite, as in {@code loss is NaN}
   * @param learningRate learning rate of the first update
   */
  public TrainingDivergedException(int iteration, String symptom, double learningRate) {
    this(iteration, symptom, Setting.LEARNING_RATE, learningRate);
  }

  /**
   * @param iteration iteration where this was found, from 1
   * @param symptom what is not finite, as in {@code loss is NaN}
   * @param setting the learning rate to lower
   * @param learningRate its value
   */
  public TrainingDivergedException(
      int iteration, String symptom, Setting setting, double learningRate) {
    super(
        "Training diverged at iteration %d (%s). Lower %s below %s.",
        iteration, symptom, setting, shortest(learningRate));
  }

  /** 10 rather than 10.0. */
  private static String shortest(double value) {
    return Double.toString(value).replaceFirst("\\.0$", "");
  }
}

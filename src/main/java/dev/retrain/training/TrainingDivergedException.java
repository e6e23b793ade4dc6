package dev.retrain.training;

import dev.retrain.util.RetrainException;

/** A training whose loss is no longer a number: its settings are to blame, nothing else. */
public final class TrainingDivergedException extends RetrainException {
  private static final long serialVersionUID = 1L;

  public TrainingDivergedException(String message) {
    super(message);
  }
}

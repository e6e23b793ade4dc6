package dev.retrain.training;

import dev.retrain.work.Failure;

/** A training whose loss is no longer a number: its settings are to blame, nothing else. */
public final class DivergedTraining extends Failure {
  private static final long serialVersionUID = 1L;

  DivergedTraining(String message) {
    super(message);
  }
}

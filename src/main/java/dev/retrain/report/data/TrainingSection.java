package dev.retrain.report.data;

import java.util.List;
import java.util.Optional;

/**
 * How a model was trained.
 *
 * @param curves the training curves; absent if the model's description has no history
 * @param balance the number of images of each class, in the order of the labels; empty if unknown
 * @param sweep the settings of the hyperparameter sweep; absent if there was none
 */
public record TrainingSection(
    Optional<TrainingCurves> curves, List<ClassBalance> balance, Optional<SweepTable> sweep) {
  public TrainingSection {
    balance = List.copyOf(balance);
  }
}

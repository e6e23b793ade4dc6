package dev.retrain.job.finetune;

import dev.retrain.backbone.Backbone;
import dev.retrain.job.data.TrainingData;
import dev.retrain.model.FineTuning;
import dev.retrain.training.TrainingResult;
import java.util.Optional;

/**
 * The result of a training, with or without fine-tuning.
 *
 * @param result the head and the history of both trainings
 * @param network the fine-tuned network; absent if the head without it is at least as good
 * @param description what was done, for the metadata; absent if the network was not updated
 */
public record FineTuneOutcome(
    TrainingResult result, Optional<Network> network, Optional<FineTuning> description) {
  /** The head alone. */
  public static FineTuneOutcome without(TrainingResult head) {
    return new FineTuneOutcome(head, Optional.empty(), Optional.empty());
  }

  /**
   * A fine-tuned network.
   *
   * @param backbone the network
   * @param data its vectors; the caller closes them
   */
  public record Network(Backbone backbone, TrainingData data) {}
}

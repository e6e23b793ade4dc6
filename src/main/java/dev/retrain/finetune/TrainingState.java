package dev.retrain.finetune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.finetune.checkpoint.Checkpoint;
import dev.retrain.finetune.graph.FineTuneGraph.StepMetrics;
import dev.retrain.util.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Where a training stands, besides the values of its variables. */
final class TrainingState {
  private final TrainingPlan plan;
  private final List<EpochResult> epochs = new ArrayList<>();
  private int step;
  private double lossSum;
  private double accuracySum;
  private Optional<EvaluatedValues> best = Optional.empty();

  TrainingState(TrainingPlan plan) {
    this.plan = plan;
  }

  /** The state in a checkpoint, which {@link #json} has described. */
  static TrainingState read(TrainingPlan plan, Checkpoint from) {
    JsonNode json = from.header().state();
    TrainingState state = new TrainingState(plan);
    state.step = from.header().step();
    json.path("epochs").forEach(epoch -> state.epochs.add(epoch(epoch)));
    state.lossSum = json.path("loss_sum").asDouble();
    state.accuracySum = json.path("accuracy_sum").asDouble();
    if (json.has("best")) {
      state.best = Optional.of(EvaluatedValues.read(epoch(json.path("best")), from.tensors()));
    }
    return state;
  }

  private static EpochResult epoch(JsonNode json) {
    return Json.mapper().convertValue(json, EpochResult.class);
  }

  /** What {@link #read} needs. */
  ObjectNode json() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.set("epochs", Json.mapper().valueToTree(epochs));
    json.put("loss_sum", lossSum);
    json.put("accuracy_sum", accuracySum);
    best.ifPresent(values -> json.set("best", Json.mapper().valueToTree(values.epoch())));
    return json;
  }

  /** Number of updates. */
  int step() {
    return step;
  }

  /** The epochs that have ended and were evaluated. */
  List<EpochResult> epochs() {
    return epochs;
  }

  /** The epoch with the highest validation metric; absent before the first one has ended. */
  Optional<EvaluatedValues> best() {
    return best;
  }

  private int updatesInEpoch() {
    return step - epochs.size() * plan.updatesPerEpoch();
  }

  /** Whether there were updates since the last evaluation. */
  boolean hasNewUpdates() {
    return updatesInEpoch() > 0;
  }

  /** Whether an epoch has ended and is to be evaluated. */
  boolean awaitsEvaluation() {
    return updatesInEpoch() == plan.updatesPerEpoch();
  }

  boolean completed() {
    return epochs.size() == plan.epochs();
  }

  /** Whether the validation metric did not become higher for a number of epochs. */
  boolean stagnates(OptionalInt patience) {
    return best.isPresent()
        && patience.isPresent()
        && epochs.size() - best.get().epoch().epoch() >= patience.getAsInt();
  }

  void updated(StepMetrics metrics) {
    step++;
    lossSum += metrics.loss();
    accuracySum += metrics.accuracy();
  }

  /** The metrics of the epoch so far, without the validation metric. */
  EpochResult epoch() {
    int updates = Math.max(1, updatesInEpoch());
    return new EpochResult(
        epochs.size() + 1, step, lossSum / updates, accuracySum / updates, Double.NaN);
  }

  /** Ends the epoch. */
  void evaluated(EvaluatedValues values) {
    epochs.add(values.epoch());
    lossSum = 0;
    accuracySum = 0;
    best = Optional.of(better(values));
  }

  /** The better one of the best epoch and another one. */
  EvaluatedValues better(EvaluatedValues other) {
    return best.filter(values -> !other.isBetterThan(values)).orElse(other);
  }
}

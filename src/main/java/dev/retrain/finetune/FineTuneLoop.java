package dev.retrain.finetune;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.finetune.FineTuneResult.Ending;
import dev.retrain.finetune.checkpoint.CheckpointHeader;
import dev.retrain.finetune.graph.FineTuneGraph;
import dev.retrain.finetune.graph.FineTuneGraph.StepMetrics;
import dev.retrain.finetune.graph.VariableSnapshot;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The updates and evaluations of a training.
 *
 * @param writer saves the state, if it is saved
 */
record FineTuneLoop(
    FineTuneInputs inputs,
    TrainingPlan plan,
    TrainingState state,
    FineTuneGraph graph,
    BatchPrefetch batches,
    Optional<CheckpointWriter> writer,
    Map<String, String> identity,
    FineTuneListener listener,
    Progress progress) {
  /** Trains until the end, an early stop or a cancellation. */
  static FineTuneResult run(
      FineTuneInputs inputs,
      TrainingPlan plan,
      TrainingState state,
      FineTuneGraph graph,
      BatchPrefetch batches,
      Optional<Checkpointing> checkpointing,
      Map<String, String> identity,
      FineTuneListener listener,
      Progress progress)
      throws IOException {
    try (CheckpointWriter writer = checkpointing.map(CheckpointWriter::new).orElse(null)) {
      return new FineTuneLoop(
              inputs,
              plan,
              state,
              graph,
              batches,
              Optional.ofNullable(writer),
              identity,
              listener,
              progress)
          .run();
    }
  }

  private FineTuneResult run() throws IOException {
    while (true) {
      Optional<Ending> ending = ending();
      if (ending.isPresent()) {
        return result(state.best().orElseThrow(), ending.get(), save());
      }
      if (progress.cancelled()) {
        return cancelled(true);
      }
      if (state.awaitsEvaluation()) {
        try {
          state.evaluated(evaluated(values()));
        } catch (CancelledException e) {
          return cancelled(false);
        }
      } else {
        update();
      }
      if (writer.isPresent() && writer.get().due()) {
        checkpoint(writer.get());
      }
    }
  }

  private Optional<Ending> ending() {
    if (state.completed()) {
      return Optional.of(Ending.COMPLETED);
    }
    return state.stagnates(inputs.options().earlyStop())
        ? Optional.of(Ending.STOPPED_EARLY)
        : Optional.empty();
  }

  private void update() throws IOException {
    int step = state.step();
    double factor = inputs.options().schedule().factor(step, plan.steps());
    float rate = (float) (inputs.options().learningRate() * factor);
    float loss = 0;
    float accuracy = 0;
    for (int i = 1; i < plan.batchesPerUpdate(); i++) {
      try (BatchTensors batch = batches.next()) {
        StepMetrics metrics = graph.accumulate(batch);
        loss += metrics.loss();
        accuracy += metrics.accuracy();
      }
    }
    StepMetrics last;
    try (BatchTensors batch = batches.next()) {
      last = graph.update(batch, step, rate);
    }
    StepMetrics metrics =
        new StepMetrics(
            (loss + last.loss()) / plan.batchesPerUpdate(),
            (accuracy + last.accuracy()) / plan.batchesPerUpdate(),
            last.gradientNorm());
    check(step + 1, metrics);
    state.updated(metrics);
    listener.updated(step + 1, rate, metrics);
    if ((step + 1) % FineTuneListener.WEIGHT_NORM_INTERVAL == 0) {
      listener.weightNorm(step + 1, graph.weightNorm());
    }
    progress.advance(plan.imagesPerUpdate());
  }

  private void check(int step, StepMetrics metrics) {
    boolean lossIsFinite = Float.isFinite(metrics.loss());
    if (!lossIsFinite || !Float.isFinite(metrics.gradientNorm())) {
      throw diverged(
          step,
          lossIsFinite
              ? "norm of the gradients is " + metrics.gradientNorm()
              : "loss is " + metrics.loss());
    }
  }

  private TrainingDivergedException diverged(int step, String symptom) {
    return new TrainingDivergedException(
        step, symptom, Setting.FINE_TUNE_LEARNING_RATE, inputs.options().learningRate());
  }

  /** The values so far, with the moments that belong to them. */
  private EvaluatedValues values() {
    try (VariableSnapshot snapshot = graph.snapshot()) {
      EvaluatedValues values =
          new EvaluatedValues(
              state.epoch(),
              graph.evaluated(snapshot),
              inputs.moments(plan, batch -> graph.moments(batch, snapshot)));
      if (!values.areFinite()) {
        // The loss and the gradients are those before the last update.
        throw diverged(state.step(), "the weights or activations are NaN or infinite");
      }
      return values;
    }
  }

  private EvaluatedValues evaluated(EvaluatedValues values) throws IOException {
    double validation = listener.epochEnded(values.epoch(), tuned(values));
    if (!Double.isFinite(validation)) {
      throw diverged(state.step(), "the validation loss is NaN or infinite");
    }
    return values.withValidation(validation);
  }

  private FineTuned tuned(EvaluatedValues values) {
    return new FineTuned(
        inputs.network().withValues(values.values(), values.moments()),
        graph.head(values.values()));
  }

  /**
   * Saves the state before the evaluation of the values so far, which an uninterrupted training
   * would not do.
   */
  private FineTuneResult cancelled(boolean evaluate) throws IOException {
    Optional<Path> saved = save();
    listener.cancelled(saved);
    if (state.best().isPresent() && !state.hasNewUpdates()) {
      return result(state.best().get(), Ending.CANCELLED, saved);
    }
    EvaluatedValues values;
    try {
      values = values();
      if (evaluate) {
        values = evaluatedIfNotCancelled(values);
      }
    } catch (TrainingDivergedException e) {
      // An earlier epoch is still a result.
      return result(state.best().orElseThrow(() -> e), Ending.CANCELLED, saved);
    }
    List<EpochResult> epochs = new ArrayList<>(state.epochs());
    epochs.add(values.epoch());
    return result(state.better(values), epochs, Ending.CANCELLED, saved);
  }

  /** If the evaluation is cancelled, the last evaluated epoch counts, if there is one. */
  private EvaluatedValues evaluatedIfNotCancelled(EvaluatedValues values) throws IOException {
    try {
      return evaluated(values);
    } catch (CancelledException e) {
      return values;
    }
  }

  /** Saves the state and waits; absent if it is not saved. */
  private Optional<Path> save() {
    if (writer.isEmpty()) {
      return Optional.empty();
    }
    checkpoint(writer.get());
    writer.get().finish();
    Optional<IOException> failure = writer.get().takeFailure();
    failure.ifPresent(listener::checkpointFailed);
    return failure.isPresent() ? Optional.empty() : Optional.of(writer.get().file());
  }

  private void checkpoint(CheckpointWriter to) {
    to.takeFailure().ifPresent(listener::checkpointFailed);
    ObjectNode json = state.json();
    json.set(Checkpointing.LISTENER, listener.state());
    to.write(new CheckpointHeader(identity, state.step(), json), graph.snapshot(), state.best());
  }

  private FineTuneResult result(EvaluatedValues best, Ending ending, Optional<Path> saved) {
    return result(best, state.epochs(), ending, saved);
  }

  private FineTuneResult result(
      EvaluatedValues best, List<EpochResult> epochs, Ending ending, Optional<Path> saved) {
    return new FineTuneResult(tuned(best), best.epoch(), epochs, state.step(), ending, saved);
  }
}

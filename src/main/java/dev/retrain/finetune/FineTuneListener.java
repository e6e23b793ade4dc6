package dev.retrain.finetune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.retrain.finetune.graph.FineTuneGraph.StepMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Receives the events of a training, on the thread that trains. */
public interface FineTuneListener {
  /** Updates from one measurement of the norm of the weights to the next. */
  int WEIGHT_NORM_INTERVAL = 50;

  /**
   * The training starts or resumes.
   *
   * @param step number of updates so far: 0 unless it resumes
   * @param steps number of all updates
   * @param state {@link #state} of the listener when the checkpoint was written; {@code null} in
   *     JSON unless it resumes
   */
  default void started(int step, int steps, JsonNode state) {}

  /**
   * The variables were updated.
   *
   * @param step number of updates so far
   * @param rate learning rate of the update
   * @param metrics its metrics: with several batches, the mean of their losses and accuracies
   */
  default void updated(int step, float rate, StepMetrics metrics) {}

  /**
   * The norm of all trained variables together, every {@value #WEIGHT_NORM_INTERVAL} updates.
   *
   * @param step number of updates so far
   */
  default void weightNorm(int step, float norm) {}

  /**
   * An epoch has ended, or the training was cancelled in the middle of one.
   *
   * @param epoch means of the epoch; its last component, the validation metric, is NaN
   * @param tuned the network and head as they are now
   * @return the validation metric, higher if better, by which the best epoch is chosen; NaN if the
   *     validation loss is not finite, which means that the training has diverged
   * @throws IOException if the evaluation fails, which ends the training
   */
  double epochEnded(EpochResult epoch, FineTuned tuned) throws IOException;

  /** What the listener needs to continue after the training resumes; saved in checkpoints. */
  default JsonNode state() {
    return NullNode.getInstance();
  }

  /**
   * The training was cancelled; its result is evaluated, which takes a while.
   *
   * @param checkpoint where its state is saved; absent if it is not
   */
  default void cancelled(Optional<Path> checkpoint) {}

  /**
   * A checkpoint could not be written; the training continues.
   *
   * @param problem why, and what to do: one or two sentences
   */
  default void checkpointFailed(IOException problem) {}
}

package dev.retrain.job.sweep;

import dev.retrain.job.data.TrainingData;
import dev.retrain.job.finetune.FineTuneOutcome;
import dev.retrain.job.output.ModelPublisher;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.util.Optional;

/**
 * The best run of a sweep, trained again: runs keep their metrics, not their heads. Owns the
 * vectors of a fine-tuned network; {@link #close()} frees them.
 *
 * @param run the run
 * @param input what it was trained on
 * @param outcome its result
 */
record Winner(SweepRun run, SweepInput input, FineTuneOutcome outcome) implements AutoCloseable {
  /**
   * Trains it again; a network that was fine-tuned in this sweep only takes its last state.
   *
   * @throws CancelledException if the user cancels
   */
  static Winner train(RunTrainer trainer, Progress progress) throws IOException {
    FineTuneOutcome outcome;
    try {
      outcome = trainer.train(Optional.empty(), progress);
    } catch (CancelledException e) {
      throw interrupted();
    }
    Winner winner = new Winner(trainer.run(), trainer.input(), outcome);
    if (outcome.result().cancelled()) {
      winner.close();
      throw interrupted();
    }
    return winner;
  }

  private static CancelledException interrupted() {
    return new CancelledException(
        "Interrupted: all trainings are finished and kept; run the same command to write the"
            + " model of the best one.");
  }

  /** The vectors that its head accepts. */
  TrainingData data() {
    return outcome.network().map(FineTuneOutcome.Network::data).orElse(input.data());
  }

  /** Evaluates and writes its model. */
  ModelPublisher publisher() {
    return outcome
        .network()
        .map(network -> input.publisher().with(network.backbone()))
        .orElse(input.publisher());
  }

  @Override
  public void close() {
    outcome.network().ifPresent(network -> network.data().close());
  }
}

package dev.retrain.finetune;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The result of a training.
 *
 * @param best the network and head of the epoch with the highest validation metric, the earliest of
 *     equal ones
 * @param bestEpoch that epoch
 * @param epochs all epochs, also those before the training was resumed; after a cancellation, the
 *     last one may be incomplete
 * @param step number of updates
 * @param ending why it ended
 * @param checkpoint the checkpoint from which a cancelled training resumes, if it was written
 */
public record FineTuneResult(
    FineTuned best,
    EpochResult bestEpoch,
    List<EpochResult> epochs,
    int step,
    Ending ending,
    Optional<Path> checkpoint) {
  /** Why a training ended. */
  public enum Ending {
    /** All epochs are done. */
    COMPLETED,
    /** The validation metric did not become higher for some epochs. */
    STOPPED_EARLY,
    /** The user cancelled it. */
    CANCELLED
  }

  public FineTuneResult {
    epochs = List.copyOf(epochs);
  }
}

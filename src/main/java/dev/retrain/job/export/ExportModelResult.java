package dev.retrain.job.export;

import dev.retrain.model.SavedModelWriter.Signature;
import java.nio.file.Path;
import java.util.List;

/**
 * A SavedModel that was written.
 *
 * @param directory where
 * @param signatures what can be asked of it
 * @param classes how many labels it has
 * @param bytes its size
 */
public record ExportModelResult(
    Path directory, List<Signature> signatures, int classes, long bytes) {
  /** Copies the list. */
  public ExportModelResult {
    signatures = List.copyOf(signatures);
  }
}

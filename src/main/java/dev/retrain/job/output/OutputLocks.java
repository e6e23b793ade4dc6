package dev.retrain.job.output;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.LockFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Locks the outputs of a training or a sweep, so that only one at a time writes to them. {@link
 * #close()} or the end of the process releases the locks. File systems without locks are not
 * protected.
 */
public final class OutputLocks implements AutoCloseable {
  private final LockFile directory;
  private final LockFile model;

  private OutputLocks(LockFile directory, LockFile model) {
    this.directory = directory;
    this.model = model;
  }

  /**
   * Locks the log directory and the model.
   *
   * @param outputs where the results go; directories are created
   * @throws RetrainException if another training or sweep holds a lock
   * @throws IOException if a directory can't be created
   */
  public static OutputLocks acquire(TrainOutputs outputs) throws IOException {
    LockFile directory =
        LockFile.tryAcquire(outputs.summariesDir().resolve(".lock"))
            .orElseThrow(() -> inUse(outputs.summariesDir(), Setting.LOG_DIRECTORY));
    try {
      Path graph = outputs.model().graph();
      return new OutputLocks(
          directory, LockFile.beside(graph).orElseThrow(() -> inUse(graph, Setting.OUTPUT_GRAPH)));
    } catch (IOException | RuntimeException e) {
      try (directory) {
        throw e;
      }
    }
  }

  private static RetrainException inUse(Path path, Setting setting) {
    return new RetrainException(
        "Another training or sweep is writing to %s; wait until it ends, or change %s.",
        path, setting);
  }

  @Override
  public void close() throws IOException {
    try (directory) {
      model.close();
    }
  }
}

package dev.retrain.bottleneck.cache.file;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.io.function.IOSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Vectors of the cache were missing or damaged; they have been deleted from its index. */
public final class DamagedVectorsException extends RetrainException {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(DamagedVectorsException.class);

  /** What was found, as a sentence. */
  private final String found;

  /**
   * @param damaged how many vectors
   * @param total of how many
   * @param file the vector file
   */
  public DamagedVectorsException(int damaged, int total, Path file) {
    this(
        String.format(
            Locale.ROOT,
            "%,d of %,d vectors in %s were missing or damaged and have been deleted.",
            damaged,
            total,
            file));
  }

  private DamagedVectorsException(String found) {
    super("%s Run again; they are then computed again.", found);
    this.found = found;
  }

  /** Logs in one line that vectors of a file are missing or damaged, and are computed again. */
  public static void warn(VectorCheck check) {
    LOG.warn(
        "{} of {} vectors in {} are missing or damaged; they are computed again.",
        grouped(check.damaged().size()),
        grouped(check.images().size()),
        check.file());
  }

  private static String grouped(int count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /**
   * Computes and loads vectors; again after damaged ones were found, which are then missing.
   *
   * @param files how many vector files the work loads; each can be damaged
   * @param work computes the missing vectors and loads all of them
   * @throws DamagedVectorsException if vectors are damaged again and again
   */
  public static <T> T recompute(int files, IOSupplier<T> work) throws IOException {
    for (int file = 0; file < files; file++) {
      try {
        return work.get();
      } catch (DamagedVectorsException e) {
        LOG.warn("{} They are computed again.", e.found);
      }
    }
    return work.get();
  }
}

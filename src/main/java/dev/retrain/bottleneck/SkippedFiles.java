package dev.retrain.bottleneck;

import dev.retrain.image.SkippedFile;
import dev.retrain.util.RetrainException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that can't be used: each is named and left out, and too many of them are a failure. */
public final class SkippedFiles {
  /** Share of broken files above which something else is wrong. */
  private static final double MAX_BROKEN = 0.1;

  private static final Logger LOG = LoggerFactory.getLogger(SkippedFiles.class);

  private final String files;
  private final boolean strict;
  private final List<SkippedFile> list = new ArrayList<>();

  /**
   * @param files what they are called, in the plural
   * @param strict whether one is a failure
   */
  public SkippedFiles(String files, boolean strict) {
    this.files = files;
    this.strict = strict;
  }

  /**
   * Leaves a file out.
   *
   * @param path which
   * @param cause what came of using it
   * @throws RetrainException where one is too many
   * @throws IllegalStateException where the cause is no fault of the file
   */
  public void add(Path path, Throwable cause) {
    SkippedFile skipped =
        cause instanceof UnreadableVectorException
            ? new SkippedFile(path, cause.getMessage())
            : SkippedFile.from(path, cause);
    if (strict) {
      throw new RetrainException(
          "%s: %s. Remove or mend it, or leave out --strict to go on without it."
              .formatted(path, skipped.reason()),
          cause);
    }
    LOG.warn("Left out {}: {}.", path, skipped.reason());
    list.add(skipped);
  }

  /**
   * Looks back.
   *
   * @param total how many files there were
   * @throws RetrainException where more than a tenth were left out
   */
  public void check(int total) {
    if (list.size() > MAX_BROKEN * total) {
      throw new RetrainException(
          ("%d of %d %s can't be read, more than a tenth; the first is %s: %s. Is this the right"
                  + " directory?")
              .formatted(list.size(), total, files, list.get(0).path(), list.get(0).reason()));
    }
  }

  /** Those left out, in order. */
  public List<SkippedFile> list() {
    return List.copyOf(list);
  }
}

package dev.retrain.bottleneck;

import dev.retrain.picture.SkippedPicture;
import dev.retrain.work.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that can't be used: each is named and left out, and too many of them are a failure. */
final class LeftOut {
  /** Share of broken files above which something else is wrong. */
  private static final double MAX_BROKEN = 0.1;

  private static final Logger LOG = LoggerFactory.getLogger(LeftOut.class);

  private final String files;
  private final boolean strict;
  private final List<SkippedPicture> list = new ArrayList<>();

  /**
   * @param files what they are called, in the plural
   * @param strict whether one is a failure
   */
  LeftOut(String files, boolean strict) {
    this.files = files;
    this.strict = strict;
  }

  /**
   * Leaves a file out.
   *
   * @param path which
   * @param cause what came of using it
   * @throws Failure where one is too many
   * @throws IllegalStateException where the cause is no fault of the file
   */
  void add(Path path, Throwable cause) {
    SkippedPicture skipped =
        cause instanceof UnreadableVector
            ? new SkippedPicture(path, cause.getMessage())
            : SkippedPicture.of(path, cause);
    if (strict) {
      throw new Failure(
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
   * @throws Failure where more than a tenth were left out
   */
  void check(int total) {
    if (list.size() > MAX_BROKEN * total) {
      throw new Failure(
          ("%d of %d %s can't be read, more than a tenth; the first is %s: %s. Is this the right"
                  + " directory?")
              .formatted(list.size(), total, files, list.get(0).path(), list.get(0).reason()));
    }
  }

  /** Those left out, in order. */
  List<SkippedPicture> list() {
    return List.copyOf(list);
  }
}

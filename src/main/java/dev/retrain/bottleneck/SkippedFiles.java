package dev.retrain.bottleneck;

import dev.retrain.image.SkippedFile;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects and logs the files that can't be used, and fails if there are too many. */
public final class SkippedFiles {
  /** A larger share of unusable files suggests that the directory is wrong. */
  private static final double MAX_SHARE = 0.1;

  private static final Logger LOG = LoggerFactory.getLogger(SkippedFiles.class);

  private final String noun;
  private final boolean strict;
  private final List<SkippedFile> list = new ArrayList<>();

  /**
   * @param noun what the files are called in messages, in the plural
   * @param strict whether to fail at the first unusable file
   */
  public SkippedFiles(String noun, boolean strict) {
    this.noun = noun;
    this.strict = strict;
  }

  /**
   * Skips a file.
   *
   * @param path the file
   * @param cause the exception it caused
   * @throws RetrainException in strict mode
   * @throws IllegalStateException if the exception has another cause than the file
   */
  public void add(Path path, Throwable cause) {
    SkippedFile skipped =
        cause instanceof UnreadableVectorException
            ? new SkippedFile(path, cause.getMessage())
            : SkippedFile.from(path, cause);
    if (strict) {
      throw new RetrainException(
          cause,
          "%s: %s. Remove or repair it, or turn off %s to skip it.",
          path,
          skipped.reason(),
          Setting.STRICT);
    }
    LOG.warn("Skipped {}: {}.", path, skipped.reason());
    list.add(skipped);
  }

  /**
   * Checks how many files were skipped.
   *
   * @param total the number of files
   * @throws TooManySkippedException if more than a tenth of them were skipped
   */
  public void check(int total) {
    check(list, total, noun);
  }

  /**
   * Checks how many files can't be read.
   *
   * @param list these files
   * @param total the number of all files
   * @param noun what the files are called in messages, in the plural
   * @throws RetrainException if they are more than a tenth of all
   */
  public static void check(List<SkippedFile> list, int total, String noun) {
    if (list.size() > MAX_SHARE * total) {
      throw new TooManySkippedException(
          "%,d of %,d %s can't be read, more than a tenth; the first is %s: %s. Check that the"
              + " directory is the right one.",
          list.size(), total, noun, list.get(0).path(), list.get(0).reason());
    }
  }

  /** The skipped files, in order. */
  public List<SkippedFile> list() {
    return List.copyOf(list);
  }
}

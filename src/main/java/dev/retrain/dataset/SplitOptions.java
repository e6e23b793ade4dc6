package dev.retrain.dataset;

import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * How images are dealt to partitions.
 *
 * @param testingPercentage share of each class for the test, in percent, 1 to 98; default 15; not
 *     used where {@code testFiles} is given
 * @param validationPercentage share of each class for validation, in percent, 1 to 98; default 10
 * @param testFiles a glob on file names (such as {@code bt_*}): these and only these, with those
 *     that share their name before {@code _nohash_}, are the test partition; absent means by
 *     percentage
 */
public record SplitOptions(
    int testingPercentage, int validationPercentage, Optional<String> testFiles) {
  /** What retrain.py's successor has always used: 15 % test, 10 % validation. */
  public static final SplitOptions DEFAULT = new SplitOptions(15, 10, Optional.empty());

  /** Checks the ranges and the glob. */
  public SplitOptions {
    checkPercentage("testing percentage", testingPercentage);
    checkPercentage("validation percentage", validationPercentage);
    if (testFiles.isEmpty() && testingPercentage + validationPercentage > 99) {
      throw new IllegalArgumentException(
          "testing percentage %d and validation percentage %d leave nothing to train on"
              .formatted(testingPercentage, validationPercentage));
    }
    testFiles.ifPresent(SplitOptions::matcher);
  }

  /**
   * @return what tells the test files by their names
   * @throws IllegalArgumentException where the glob is malformed
   */
  static PathMatcher matcher(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is not a glob: %s".formatted(glob, e.getDescription()), e);
    }
  }

  private static void checkPercentage(String name, int value) {
    if (value < 1 || value > 98) {
      throw new IllegalArgumentException(
          "%s must be from 1 to 98, but is %d".formatted(name, value));
    }
  }
}

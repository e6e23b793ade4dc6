package dev.retrain.dataset.split;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * How images are split into training, validation and test sets.
 *
 * @param testingPercentage percentage of each class in the test set, 1 to 98; default 15; ignored
 *     if {@code testFiles} is present
 * @param validationPercentage percentage of each class in the validation set, 1 to 98; default 10
 * @param testFiles a glob pattern of file names, such as {@code bt_*}: the test set consists of the
 *     files that match it and those that share their name before {@code _nohash_} with one of them;
 *     absent by default: the test set is determined by the percentage
 */
public record SplitOptions(
    int testingPercentage, int validationPercentage, Optional<String> testFiles) {
  /** 15% test images and 10% validation images. */
  public static final SplitOptions DEFAULT = new SplitOptions(15, 10, Optional.empty());

  public SplitOptions {
    checkPercentage(Setting.TESTING_PERCENTAGE, testingPercentage);
    checkPercentage(Setting.VALIDATION_PERCENTAGE, validationPercentage);
    if (testFiles.isEmpty() && testingPercentage + validationPercentage > 99) {
      throw new InvalidSettingException(
          Setting.TESTING_PERCENTAGE,
          "must be at most %d, because the validation percentage is %d, but is %d",
          99 - validationPercentage,
          validationPercentage,
          testingPercentage);
    }
    testFiles.ifPresent(SplitOptions::matcher);
  }

  /**
   * A matcher of file names.
   *
   * @throws InvalidSettingException if the pattern is malformed
   */
  static PathMatcher matcher(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      InvalidSettingException invalid =
          new InvalidSettingException(
              Setting.TEST_FILES,
              "must be a glob pattern, but is '%s': %s",
              glob,
              e.getDescription());
      invalid.initCause(e);
      throw invalid;
    }
  }

  private static void checkPercentage(Setting setting, int value) {
    if (value < 1 || value > 98) {
      throw new InvalidSettingException(setting, "must be from 1 to 98, but is %d", value);
    }
  }
}

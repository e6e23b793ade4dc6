package dev.retrain.dataset.manifest;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.Optional;

/**
 * The names of a manifest's columns. Case is ignored where no column has exactly the name.
 *
 * @param path the paths of the files; default {@code path}
 * @param label the classes; default {@code label}, or {@code label_1}, the most probable class in a
 *     file of predictions
 * @param split the sets; default {@code split}, if there is such a column; empty for none
 * @param group the groups; default {@code group}, if there is such a column; empty for none
 * @param weight the weights; default {@code weight}, if there is such a column; empty for none
 */
public record ManifestColumns(
    Optional<String> path,
    Optional<String> label,
    Optional<String> split,
    Optional<String> group,
    Optional<String> weight) {
  /** The default names. */
  public static final ManifestColumns DEFAULT =
      new ManifestColumns(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public ManifestColumns {
    checkNotBlank(Setting.PATH_COLUMN, path);
    checkNotBlank(Setting.LABEL_COLUMN, label);
  }

  private static void checkNotBlank(Setting setting, Optional<String> name) {
    if (name.filter(String::isBlank).isPresent()) {
      throw new InvalidSettingException(setting, "must be the name of a column, but is empty");
    }
  }
}

package dev.retrain.dataset;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the files of an {@link ImageFolder} were listed.
 *
 * @param path what the user named: the image directory, or the manifest
 * @param splitFolders whether the directory has folders for the training, validation and test sets
 * @param facts sentences for the user about what is used; not warnings
 */
public record ListOrigin(Path path, boolean splitFolders, List<String> facts) {
  public ListOrigin {
    facts = List.copyOf(facts);
  }

  /** The files of a plain directory. */
  public static ListOrigin directory(Path directory) {
    return new ListOrigin(directory, false, List.of());
  }
}

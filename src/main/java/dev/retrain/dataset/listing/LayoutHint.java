package dev.retrain.dataset.listing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Recognizes a directory that is one level above or below that of the class folders. */
public final class LayoutHint {
  private LayoutHint() {}

  /**
   * What to do about a directory with fewer than two class folders, as a sentence that names the
   * right directory; empty if none is recognized.
   *
   * @throws IOException if a directory can't be listed
   */
  public static Optional<String> forDirectory(Path directory) throws IOException {
    List<Path> entries = FileListing.entries(directory);
    List<Path> folders = entries.stream().filter(Files::isDirectory).toList();
    if (folders.isEmpty() && !entries.isEmpty()) {
      Path parent = directory.toAbsolutePath().normalize().getParent();
      return Optional.ofNullable(parent)
          .map(
              above ->
                  "It has files directly in it: if it is the folder of one class, use %s instead."
                      .formatted(above));
    }
    if (folders.size() == 1 && folders(folders.get(0)) > 1) {
      return Optional.of(
          "The class folders seem to be one level below: use %s instead."
              .formatted(folders.get(0)));
    }
    return Optional.empty();
  }

  private static long folders(Path directory) throws IOException {
    return FileListing.entries(directory).stream().filter(Files::isDirectory).count();
  }
}

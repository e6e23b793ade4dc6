package dev.retrain.bottleneck.cache.database;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognizes a cache that this user may read but not change, such as one that a group shares. If it
 * has all vectors, nothing must be written.
 */
final class ReadOnlyFile {
  private static final Logger LOG = LoggerFactory.getLogger(ReadOnlyFile.class);

  private ReadOnlyFile() {}

  /**
   * Whether a database can only be read; tells the user so.
   *
   * @throws RetrainException if it can't be read either, because the last changes are in a file of
   *     their own that SQLite would have to merge
   * @throws IOException if its log can't be read
   */
  static boolean check(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (!Files.isReadable(file) || (Files.isWritable(file) && Files.isWritable(directory))) {
      return false;
    }
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    if (Files.exists(log) && Files.size(log) > 0) {
      throw new RetrainException(
          "The cache %s is read-only, and it is in use, or a command that used it was ended. Wait"
              + " until its owner's command ends, or change %s.",
          file, Setting.CACHE_DIRECTORY);
    }
    LOG.warn(
        "The cache {} is read-only: its vectors are used, but new ones can't be stored.", file);
    return true;
  }

  /** Why this user can't open or create a file; empty if it is not a matter of permissions. */
  static Optional<String> obstacle(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
      return Optional.of("this user may not write to its directory" + owner(directory));
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      return Optional.of("this user may not write to it" + owner(file));
    }
    return Optional.empty();
  }

  private static String owner(Path path) {
    try {
      return ", which belongs to " + Files.getOwner(path).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}

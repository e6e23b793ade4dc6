package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identifies the file at a path. On Unix, an open file can be deleted or replaced, and what is
 * written to it is then lost without an error.
 */
public final class FileIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(FileIdentity.class);

  private final Path path;
  private final Object key;

  private FileIdentity(Path path) throws IOException {
    this.path = path;
    key = key(path);
  }

  /** Identifies the file that is at a path now. */
  public static FileIdentity read(Path path) throws IOException {
    return new FileIdentity(path);
  }

  /** Whether the same file is still there; always, where the file system identifies no files. */
  public boolean isInPlace() {
    try {
      return Objects.equals(key, key(path));
    } catch (IOException e) {
      LOG.debug("{} can't be read", path, e);
      return false;
    }
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}

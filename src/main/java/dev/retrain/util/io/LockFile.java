package dev.retrain.util.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An exclusive lock on a file or directory, held through a hidden lock file. {@link #close()}
 * releases it and deletes the lock file; the end of the process, even by a kill, releases it. File
 * systems without locks protect only against threads of the same process.
 */
public final class LockFile implements AutoCloseable {
  /** How often another process may delete the file while this one locks it. */
  private static final int ATTEMPTS = 100;

  /**
   * Lock files that this process holds. Opening and closing such a file again would release its
   * lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private final boolean deletable;

  private LockFile(Path file, FileChannel channel, boolean deletable) {
    this.file = file;
    this.channel = channel;
    this.deletable = deletable;
  }

  /**
   * Locks a file or directory, by a hidden file of a similar name beside it.
   *
   * @param output what is locked; need not exist
   * @return the lock; empty if another process or thread has it
   * @throws OutputException if the hidden file can't be created
   */
  public static Optional<LockFile> beside(Path output) throws OutputException {
    Path full = output.toAbsolutePath().normalize();
    return tryAcquire(full.resolveSibling(PendingFile.hidden(full, ".lock")));
  }

  /**
   * Locks by a file of a given name.
   *
   * @param file the hidden file; its directory is created
   * @return the lock; empty if another process or thread has it
   * @throws OutputException if the file can't be created
   */
  public static Optional<LockFile> tryAcquire(Path file) throws OutputException {
    Path full = file.toAbsolutePath().normalize();
    if (!HELD.add(full)) {
      return Optional.empty();
    }
    Optional<LockFile> acquired = Optional.empty();
    try {
      acquired = acquire(full);
      return acquired;
    } finally {
      if (acquired.isEmpty()) {
        HELD.remove(full);
      }
    }
  }

  private static Optional<LockFile> acquire(Path file) throws OutputException {
    Directories.create(file.getParent());
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Optional<Identity> opened = identity(file);
        if (!PendingFile.lock(channel, file)) {
          channel.close();
          return Optional.empty();
        }
        // Otherwise its last owner has deleted the file between opening and locking.
        if (opened.isPresent() && opened.equals(identity(file))) {
          return Optional.of(new LockFile(file, channel, opened.get().key() != null));
        }
        channel.close();
      }
      return Optional.empty();
    } catch (IOException e) {
      throw OutputException.directory(file.getParent(), e);
    }
  }

  /** What identifies a file whatever its name; the key is null where the file system has none. */
  private record Identity(Object key, FileTime created) {}

  /** The file that has a name now; empty if none has. */
  private static Optional<Identity> identity(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Identity(attributes.fileKey(), attributes.creationTime()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      // Without file keys (Windows), a deleted file could not be distinguished from a new one.
      if (deletable) {
        Files.deleteIfExists(file);
      }
    } finally {
      HELD.remove(file);
    }
  }
}

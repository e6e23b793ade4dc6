package dev.retrain.util.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.output.CloseShieldOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The new content of a file, under the temporary name {@code .<name>.part} until it is published.
 *
 * <p>The temporary name is the same in every process, so the next writer of the file replaces what
 * a killed process has left. The file is locked meanwhile; a second writer at the same time uses a
 * name of its own.
 */
final class PendingFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PendingFile.class);

  /** Limit on the bytes of the file's name in the temporary name; file systems allow 255. */
  private static final int MAX_NAME_BYTES = 200;

  /**
   * Temporary files that this process has locked. Opening and closing such a file again would
   * release its lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Path target;
  private Path part;
  private final FileChannel channel;
  private boolean published;

  private PendingFile(Path file) throws IOException {
    this.file = file;
    target = checkedTarget(file);
    part = target.resolveSibling(hidden(target, ".part"));
    Path key = part.toAbsolutePath().normalize();
    FileChannel opened = null;
    if (HELD.add(key)) {
      try {
        opened = openUnlessInUse();
      } finally {
        if (opened == null) {
          HELD.remove(key);
        }
      }
    }
    if (opened == null) {
      part = target.resolveSibling(hidden(target, "." + UUID.randomUUID() + ".part"));
      opened = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
    channel = opened;
  }

  /**
   * Writes the content of a file to a temporary file in its directory, which is created, and forces
   * it to disk.
   *
   * @param file the file; of a link, the file that it leads to
   * @param content writes the bytes
   * @throws OutputException if the file can't be written
   * @throws IOException if the content can't be read
   */
  static PendingFile write(Path file, IOConsumer<OutputStream> content) throws IOException {
    Directories.create(file.toAbsolutePath().getParent());
    PendingFile pending;
    try {
      pending = new PendingFile(file);
    } catch (IOException e) {
      throw OutputException.file(file, e);
    }
    try {
      pending.fill(content);
      return pending;
    } catch (IOException | RuntimeException | Error e) {
      try (pending) {
        throw e;
      }
    }
  }

  /** A device or a pipe must not be replaced, nor a link by a file. */
  private static Path checkedTarget(Path file) throws IOException {
    if (!Files.exists(file)) {
      return file;
    }
    if (Files.isDirectory(file)) {
      throw OutputException.withMessage(
          "%s can't be written: a directory has this name. Move it, or choose another name."
              .formatted(file));
    }
    if (!Files.isRegularFile(file)) {
      throw OutputException.withMessage(
          "%s can't be written: it is a device or a pipe. Choose the name of a file."
              .formatted(file));
    }
    return Files.isSymbolicLink(file) ? file.toRealPath() : file;
  }

  static String hidden(Path target, String suffix) {
    String name = target.getFileName().toString();
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return "." + (bytes.length > MAX_NAME_BYTES ? Sha256.sha256(bytes) : name) + suffix;
  }

  /** Creates and locks the temporary file; null if another writer uses it. */
  private FileChannel openUnlessInUse() throws IOException {
    if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
      deleteIfAbandoned();
    }
    FileChannel created;
    try {
      created = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      return null;
    }
    // The file is gone if another writer deleted it as abandoned before it was locked.
    if (lock(created, part) && Files.exists(part)) {
      return created;
    }
    created.close();
    return null;
  }

  private void deleteIfAbandoned() {
    if (Files.isSymbolicLink(part) || !Files.isRegularFile(part)) {
      return;
    }
    try (FileChannel left = FileChannel.open(part, StandardOpenOption.WRITE)) {
      if (left.tryLock() != null) {
        Files.deleteIfExists(part);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // In use, of another user, or on a file system without locks: it is left alone.
    }
  }

  /** Locks a file, unless its file system has no locks; false if another writer has locked it. */
  static boolean lock(FileChannel channel, Path file) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      LOG.debug("{} can't be locked", file, e);
      return true;
    }
  }

  private void fill(IOConsumer<OutputStream> content) throws IOException {
    try {
      // Closing the stream would close the channel and so release the lock.
      OutputStream out = Channels.newOutputStream(channel);
      content.accept(CloseShieldOutputStream.wrap(new OutputFileStream(out, file)));
    } catch (IOException e) {
      Optional<OutputException> output = OutputException.find(e);
      throw output.isPresent() ? output.get() : e;
    }
    try {
      channel.force(true);
    } catch (IOException e) {
      throw OutputException.file(file, e);
    }
  }

  /** Renames the temporary file to the file, which it replaces. */
  void publish() throws IOException {
    try {
      move(part, target);
      published = true;
    } catch (IOException e) {
      throw OutputException.file(file, e);
    }
  }

  /** Renames a file, atomically if the file system supports it. */
  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Deletes the temporary file unless it is published. */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (!published) {
        Files.deleteIfExists(part);
      }
    } finally {
      HELD.remove(part.toAbsolutePath().normalize());
    }
  }
}

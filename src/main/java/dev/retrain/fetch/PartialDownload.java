package dev.retrain.fetch;

import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.ByteSize;
import dev.retrain.util.io.Directories;
import dev.retrain.util.io.OutputException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/**
 * The received bytes of a download, in {@code <target>.part}, and their origin, in {@code
 * <target>.part.properties}. The file is locked while it is open, so that no other process writes
 * to it.
 *
 * <p>Closing keeps the files if the download can be resumed, and deletes them otherwise.
 */
final class PartialDownload implements AutoCloseable {
  /**
   * The file that is downloaded.
   *
   * @param uri its address
   * @param validator the strong ETag, or else the modification time, that the server sent; absent
   *     if it sent neither: then the download can't be resumed
   * @param bytes length of the complete file, or {@link Progress#UNKNOWN}
   */
  record Origin(URI uri, Optional<String> validator, long bytes) {}

  private final Path target;
  private final Path part;
  private final Path originFile;
  private final FileChannel channel;
  private Optional<Origin> origin;
  private boolean released;

  private PartialDownload(Path target) throws IOException {
    this.target = target;
    part = target.resolveSibling(target.getFileName() + ".part");
    originFile = target.resolveSibling(target.getFileName() + ".part.properties");
    channel =
        FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock();
      channel.position(channel.size());
      origin = Files.isRegularFile(originFile) ? read() : Optional.empty();
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  /**
   * Opens the partial download of a file, which is empty at first.
   *
   * @param target the file to download; its directory is created
   * @throws RetrainException if another process has opened it
   */
  static PartialDownload open(Path target) throws IOException {
    Directories.create(target.toAbsolutePath().getParent());
    try {
      return new PartialDownload(target);
    } catch (IOException e) {
      throw OutputException.file(target, e);
    }
  }

  private void lock() throws IOException {
    try {
      // The file no longer exists if another process finished between opening and locking.
      if (channel.tryLock() != null && Files.exists(part)) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // Locked by another thread of this process, which is reported below.
    }
    throw new RetrainException("Another process is downloading %s; wait until it ends.", target);
  }

  private Optional<Origin> read() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(originFile)) {
      properties.load(reader);
      return Optional.of(
          new Origin(
              URI.create(properties.getProperty("uri", "")),
              Optional.ofNullable(properties.getProperty("validator")),
              Long.parseLong(properties.getProperty("bytes"))));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // The file is corrupt: the download starts over.
      return Optional.empty();
    }
  }

  /** The file of the received bytes. */
  Path file() {
    return part;
  }

  /** Number of bytes received. */
  long length() throws IOException {
    return channel.position();
  }

  /** Whether the bytes are from this address. */
  boolean isFrom(URI uri) {
    return origin.isPresent() && origin.get().uri().equals(uri);
  }

  /** Length of the complete file, or {@link Progress#UNKNOWN}. */
  long total() {
    return origin.map(Origin::bytes).orElse(Progress.UNKNOWN);
  }

  /** Identifies the version of the file; absent if the download can't be resumed. */
  Optional<String> validator() throws IOException {
    return length() == 0 ? Optional.empty() : origin.flatMap(Origin::validator);
  }

  /** What is kept after an interruption, to complete a sentence. */
  String kept() throws IOException {
    return validator().isPresent()
        ? "%s of %s are kept, and the next run resumes the download"
            .formatted(ByteSize.format(length()), target.getFileName())
        : "nothing of %s is kept".formatted(target.getFileName());
  }

  /** Throws {@link #cancelled} if the user has cancelled. */
  void checkCancelled(Progress progress) throws IOException {
    if (progress.cancelled()) {
      throw cancelled();
    }
  }

  /** An exception that says what is kept. */
  CancelledException cancelled() throws IOException {
    return new CancelledException("Interrupted: %s.".formatted(kept()));
  }

  /** Discards the received bytes and starts the download of another file. */
  void restart(Origin newOrigin) throws IOException {
    channel.truncate(0);
    origin = Optional.of(newOrigin);
    Properties properties = new Properties();
    properties.setProperty("uri", newOrigin.uri().toString());
    newOrigin.validator().ifPresent(validator -> properties.setProperty("validator", validator));
    properties.setProperty("bytes", Long.toString(newOrigin.bytes()));
    AtomicFile.write(originFile, out -> properties.store(out, null));
  }

  /** Appends received bytes. */
  void append(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw OutputException.file(target, e);
    }
  }

  /** Whether the received bytes begin like a web page. */
  boolean isHtmlPage() throws IOException {
    long end = channel.position();
    channel.position(0);
    boolean page = HtmlPage.isPage(Channels.newInputStream(channel));
    channel.position(end);
    return page;
  }

  /** SHA-256 of the received bytes. */
  String sha256() throws IOException {
    // Reads from the channel that holds the lock, because closing another one would release it.
    channel.position(0);
    return Sha256.sha256(Channels.newInputStream(channel));
  }

  /** Renames the part to the target. */
  void publish() throws IOException {
    try {
      channel.force(true);
      AtomicFile.move(part, target);
    } catch (IOException e) {
      throw OutputException.file(target, e);
    }
    released = true;
    Files.deleteIfExists(originFile);
  }

  /** Deletes the files. */
  void remove() throws IOException {
    released = true;
    Files.deleteIfExists(originFile);
    Files.deleteIfExists(part);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (!released && validator().isEmpty()) {
        remove();
      }
    }
  }
}

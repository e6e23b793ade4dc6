package dev.retrain.fetch;

import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.ByteSize;
import dev.retrain.util.io.Directories;
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
 * What has come of a file so far: {@code <target>.part}, and beside it, in {@code
 * <target>.part.properties}, what it is a part of. Locked while it is open, so that two processes
 * don't write into it at once.
 *
 * <p>Closing keeps it where it can be gone on with, and removes it otherwise.
 */
final class PartialDownload implements AutoCloseable {
  /**
   * What a part is a part of.
   *
   * @param uri where it came from
   * @param validator the strong ETag, or else the time of the last change, that the server gave;
   *     absent where it gave neither: then it can't be gone on with
   * @param bytes length of the whole, or {@link Progress#UNKNOWN}
   */
  record Origin(URI uri, Optional<String> validator, long bytes) {}

  private final Path target;
  private final Path part;
  private final Path note;
  private final FileChannel channel;
  private Optional<Origin> origin;
  private boolean gone;

  private PartialDownload(Path target) throws IOException {
    this.target = target;
    part = target.resolveSibling(target.getFileName() + ".part");
    note = target.resolveSibling(target.getFileName() + ".part.properties");
    channel =
        FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock();
      channel.position(channel.size());
      origin = Files.isRegularFile(note) ? read() : Optional.empty();
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  /**
   * Opens the part of a file, as it was left or empty.
   *
   * @param target the file it is going to be; its directory is made
   * @throws RetrainException where another process has it open
   */
  static PartialDownload open(Path target) throws IOException {
    Directories.make(target.toAbsolutePath().getParent());
    return new PartialDownload(target);
  }

  private void lock() throws IOException {
    try {
      // Without the name, the process before has finished between our opening and our locking.
      if (channel.tryLock() != null && Files.exists(part)) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // Another thread of this process; told below.
    }
    throw new RetrainException(
        "%s is being fetched by another process at this moment; run it again when that is done."
            .formatted(target));
  }

  private Optional<Origin> read() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(note)) {
      properties.load(reader);
      return Optional.of(
          new Origin(
              URI.create(properties.getProperty("uri", "")),
              Optional.ofNullable(properties.getProperty("validator")),
              Long.parseLong(properties.getProperty("bytes"))));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // Not as it was written: as good as none.
      return Optional.empty();
    }
  }

  /** Bytes that have come. */
  long length() throws IOException {
    return channel.position();
  }

  /** Whether it is of a file at this address. */
  boolean isOf(URI uri) {
    return origin.isPresent() && origin.get().uri().equals(uri);
  }

  /** Length of the whole, or {@link Progress#UNKNOWN}. */
  long total() {
    return origin.map(Origin::bytes).orElse(Progress.UNKNOWN);
  }

  /**
   * By what a server knows that it is still the same file; absent where it can't be gone on with.
   */
  Optional<String> validator() throws IOException {
    return length() == 0 ? Optional.empty() : origin.flatMap(Origin::validator);
  }

  /** What becomes of it now, for a sentence's end. */
  String kept() throws IOException {
    return validator().isPresent()
        ? "the %s of %s that came are kept, and the next run goes on from there"
            .formatted(ByteSize.format(length()), target.getFileName())
        : "nothing of %s is kept".formatted(target.getFileName());
  }

  /** Looks at the user's wish to stop. */
  void stopIfAsked(Progress progress) throws IOException {
    if (progress.cancelled()) {
      throw stopped();
    }
  }

  /** That the user stopped it. */
  CancelledException stopped() throws IOException {
    return new CancelledException("Interrupted: %s.".formatted(kept()));
  }

  /** Forgets what has come; what comes now is a part of something else. */
  void restart(Origin of) throws IOException {
    channel.truncate(0);
    origin = Optional.of(of);
    Properties properties = new Properties();
    properties.setProperty("uri", of.uri().toString());
    of.validator().ifPresent(validator -> properties.setProperty("validator", validator));
    properties.setProperty("bytes", Long.toString(of.bytes()));
    AtomicFile.write(note, out -> properties.store(out, null));
  }

  /** Adds bytes at its end. */
  void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** SHA-256 of what has come. */
  String sha256() throws IOException {
    // Through the channel that holds the lock: closing any other would lose it.
    channel.position(0);
    return Sha256.sha256(Channels.newInputStream(channel));
  }

  /** Gives it the target's name. */
  void publish() throws IOException {
    channel.force(true);
    AtomicFile.move(part, target);
    gone = true;
    Files.deleteIfExists(note);
  }

  /** Forgets it. */
  void remove() throws IOException {
    gone = true;
    Files.deleteIfExists(note);
    Files.deleteIfExists(part);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (!gone && validator().isEmpty()) {
        remove();
      }
    }
  }
}

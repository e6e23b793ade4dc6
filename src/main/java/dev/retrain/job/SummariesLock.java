package dev.retrain.job;

import dev.retrain.work.Directories;
import dev.retrain.work.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a summaries directory to one training or sweep at a time; {@link #close()}, or the end of
 * the process, leaves it to others. A file system that has no locks is not guarded.
 */
final class SummariesLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SummariesLock.class);

  private final FileChannel channel;

  private SummariesLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes a directory.
   *
   * @param directory the summaries directory; made where it is missing
   * @throws Failure where another has it
   */
  static SummariesLock take(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            Directories.make(directory).resolve(".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (!locked(channel, directory)) {
      channel.close();
      throw new Failure(
          "Another training or sweep is writing to %s; wait for it, or name another --summaries-dir."
              .formatted(directory));
    }
    return new SummariesLock(channel);
  }

  private static boolean locked(FileChannel channel, Path directory) {
    try {
      FileLock taken = channel.tryLock();
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      LOG.debug("{} can't be locked", directory, e);
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

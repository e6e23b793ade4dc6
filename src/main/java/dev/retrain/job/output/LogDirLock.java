package dev.retrain.job.output;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Directories;
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
public final class LogDirLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogDirLock.class);

  private final FileChannel channel;

  private LogDirLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes a directory.
   *
   * @param directory the summaries directory; made where it is missing
   * @throws RetrainException where another has it
   */
  public static LogDirLock take(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            Directories.create(directory).resolve(".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (!locked(channel, directory)) {
      channel.close();
      throw new RetrainException(
          "Another training or sweep is writing to %s; wait for it, or name another --summaries-dir."
              .formatted(directory));
    }
    return new LogDirLock(channel);
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

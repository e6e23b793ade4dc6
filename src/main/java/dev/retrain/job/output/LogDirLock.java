package dev.retrain.job.output;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
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
 * Locks a log directory, so that only one training or sweep at a time writes to it. {@link
 * #close()} or the end of the process releases the lock. File systems without locks are not
 * protected.
 */
public final class LogDirLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogDirLock.class);

  private final FileChannel channel;

  private LogDirLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a directory.
   *
   * @param directory the log directory; created if it doesn't exist
   * @throws RetrainException if another training or sweep holds the lock
   * @throws IOException if the directory can't be created
   */
  public static LogDirLock acquire(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            Directories.create(directory).resolve(".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (!tryLock(channel, directory)) {
      channel.close();
      throw new RetrainException(
          "Another training or sweep is writing to %s; wait until it ends, or change %s.",
          directory, Setting.LOG_DIRECTORY);
    }
    return new LogDirLock(channel);
  }

  private static boolean tryLock(FileChannel channel, Path directory) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
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

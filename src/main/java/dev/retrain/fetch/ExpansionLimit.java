package dev.retrain.fetch;

import dev.retrain.util.RetrainException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Limits the size of a decompressed archive. Networks and images hardly compress; an archive that
 * grows by more than a factor of {@value #MAX_RATIO} is made to fill a disk or waste time.
 */
final class ExpansionLimit extends FilterInputStream {
  static final long MAX_RATIO = 200;

  /** Small archives may be of any ratio. */
  static final long ALWAYS_ALLOWED_BYTES = 64L << 20;

  private final Path archive;
  private final long limit;
  private long count;

  /**
   * @param in the decompressed content
   * @param archive the archive, for messages
   * @param archiveBytes its size
   */
  ExpansionLimit(InputStream in, Path archive, long archiveBytes) {
    super(in);
    this.archive = archive;
    limit = Math.max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * archiveBytes);
  }

  private int counted(int bytes) {
    count += Math.max(0, bytes);
    if (count > limit) {
      throw new RetrainException(
          "%s is rejected: it expands to more than %,d bytes. Download the archive from its"
              + " publisher again.",
          archive, limit);
    }
    return bytes;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    counted(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return counted(super.read(bytes, offset, length));
  }

  @Override
  public long skip(long bytes) throws IOException {
    // Skipped bytes count, too.
    return readNBytes((int) Math.min(bytes, 1 << 16)).length;
  }
}

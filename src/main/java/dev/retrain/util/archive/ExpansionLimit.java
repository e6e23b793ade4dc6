package dev.retrain.util.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Limits the size of a decompressed archive. Networks and images hardly compress; an archive that
 * grows by more than a factor of {@value #MAX_RATIO} is made to fill a disk or waste time.
 */
public final class ExpansionLimit extends FilterInputStream {
  static final long MAX_RATIO = 200;

  /** Small archives may be of any ratio. */
  static final long ALWAYS_ALLOWED_BYTES = 64L << 20;

  private final ArchiveCheck check;
  private final long limit;
  private long count;

  /**
   * @param in the decompressed content
   * @param check the archive, for messages
   * @param archiveBytes its size
   */
  public ExpansionLimit(InputStream in, ArchiveCheck check, long archiveBytes) {
    super(in);
    this.check = check;
    limit = maxBytes(archiveBytes);
  }

  /** The largest size that the content of an archive may have. */
  public static long maxBytes(long archiveBytes) {
    return Math.max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * archiveBytes);
  }

  private int counted(int bytes) {
    count += Math.max(0, bytes);
    if (count > limit) {
      throw check.rejected("it expands to more than %,d bytes", limit);
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

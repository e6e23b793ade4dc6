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
public final class ExpansionLimit extends FilterInputStream {
  static final long MAX_RATIO = 200;

  /** Small archives may be of any ratio. */
  static final long ALWAYS_ALLOWED_BYTES = 64L << 20;

  private final Path archive;
  private final long limit;
  private final String remedy;
  private long count;

  /**
   * @param in the decompressed content
   * @param archive the archive, for messages
   * @param archiveBytes its size
   * @param remedy what the user can do, as a sentence
   */
  public ExpansionLimit(InputStream in, Path archive, long archiveBytes, String remedy) {
    super(in);
    this.archive = archive;
    this.remedy = remedy;
    limit = maxBytes(archiveBytes);
  }

  /** The largest size that the content of an archive may have. */
  public static long maxBytes(long archiveBytes) {
    return Math.max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * archiveBytes);
  }

  private int counted(int bytes) {
    count += Math.max(0, bytes);
    if (count > limit) {
      throw new RetrainException(
          "%s is rejected: it expands to more than %,d bytes. %s", archive, limit, remedy);
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

package dev.retrain.bottleneck.cache;

import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.util.Map;

/**
 * Looks up the vectors of one backbone by their images.
 *
 * <p>Owns the file it reads; {@link #close()} closes it. Safe for use by several threads at once.
 */
public final class VectorReader implements AutoCloseable {
  /** What {@link #record} says of an image without a vector. */
  static final long NONE = -1;

  private final VectorFile file;
  private final Map<ContentHash, Long> records;

  VectorReader(VectorFile file, Map<ContentHash, Long> records) {
    this.file = file;
    this.records = records;
  }

  /** Floats in a vector. */
  public int length() {
    return file.length();
  }

  /** Which record of the file holds the image's vector, or {@link #NONE}. */
  long record(ContentHash hash) {
    return records.getOrDefault(hash, NONE);
  }

  /**
   * Reads a vector.
   *
   * @param hash the image's
   * @param target where it goes
   * @param offset the first float's place there
   * @return whether there is a whole one; where not, the target holds nothing of use
   */
  public boolean read(ContentHash hash, float[] target, int offset) {
    long record = record(hash);
    try {
      return record != NONE && file.get(record, hash, target, offset);
    } catch (IOException e) {
      throw new RetrainException(
          "The vectors in %s can't be read (%s).".formatted(file.path(), e), e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new RetrainException(
          "The vectors in %s can't be closed (%s).".formatted(file.path(), e), e);
    }
  }
}

package dev.retrain.bottleneck.cache.file;

import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.IoReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads the vectors of one backbone by image.
 *
 * <p>Owns the file it reads; {@link #close()} closes it. Thread-safe.
 */
public final class VectorReader implements AutoCloseable {
  /** The {@link #record} of an image without a vector. */
  public static final long NONE = -1;

  private final VectorFile file;
  private final Map<ContentHash, Long> records;

  /**
   * @param file the file, which this reader closes
   * @param records the record of each image's vector
   */
  public VectorReader(VectorFile file, Map<ContentHash, Long> records) {
    this.file = file;
    this.records = records;
  }

  /** Floats in a vector. */
  public int length() {
    return file.length();
  }

  /** The file. */
  public Path path() {
    return file.path();
  }

  /**
   * Finds missing and damaged vectors.
   *
   * @param verify whether to read every vector and verify its checksum; otherwise, only vectors
   *     beyond the end of the file are found
   * @throws RetrainException if the file can't be read
   */
  public VectorCheck check(boolean verify) {
    long fileRecords = fileRecords();
    List<ContentHash> damaged =
        records.entrySet().parallelStream()
            .filter(
                entry ->
                    entry.getValue() < 0
                        || entry.getValue() >= fileRecords
                        || (verify && !read(entry.getKey(), new float[length()], 0)))
            .map(Map.Entry::getKey)
            .toList();
    return new VectorCheck(file.path(), records.keySet(), damaged);
  }

  private long fileRecords() {
    try {
      // The records were read after the file was opened, so a writer can only have added some.
      return file.records();
    } catch (IOException e) {
      throw new RetrainException(
          e, "The vector file %s can't be read (%s).", file.path(), IoReason.of(e));
    }
  }

  /** The record of the file that holds the image's vector, or {@link #NONE}. */
  public long record(ContentHash hash) {
    return records.getOrDefault(hash, NONE);
  }

  /**
   * Reads a vector.
   *
   * @param hash the image
   * @param target receives {@link #length} floats
   * @param offset index of the first float in the target
   * @return whether the vector exists and is undamaged; if not, the target's content is undefined
   */
  public boolean read(ContentHash hash, float[] target, int offset) {
    long record = record(hash);
    try {
      return record != NONE && file.get(record, hash, target, offset);
    } catch (IOException e) {
      throw new RetrainException(
          e, "The vector file %s can't be read (%s).", file.path(), IoReason.of(e));
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new RetrainException(
          e, "The vector file %s can't be closed (%s).", file.path(), IoReason.of(e));
    }
  }
}

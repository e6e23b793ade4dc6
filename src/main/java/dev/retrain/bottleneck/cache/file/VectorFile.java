package dev.retrain.bottleneck.cache.file;

import dev.retrain.dataset.ContentHash;
import dev.retrain.util.io.FileIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * An append-only file of one backbone's vectors.
 *
 * <p>The file is a sequence of records of equal size without a header: the SHA-256 of the image (32
 * bytes), the vector (float32, little-endian), and the CRC-32C of both (4 bytes, little-endian).
 * The database stores how many records are valid, so the records that an interrupted writer left
 * behind them are overwritten. Every read verifies the checksum and the image's hash, so a damaged
 * record is never returned as a vector.
 *
 * <p>Reads are positional. A memory-mapped file would count as the process's memory, however little
 * of it is used.
 *
 * <p>Owns a file channel. Several threads may read at once; only one may write.
 */
public final class VectorFile implements AutoCloseable {
  private static final int CRC_BYTES = Integer.BYTES;

  /** Size of the write buffer in bytes. */
  private static final int WRITE_BYTES = 1 << 20;

  private final Path path;
  private final int length;
  private final FileIdentity identity;
  private final FileChannel channel;
  private final ThreadLocal<ByteBuffer> readBuffer;

  // Appended records that are not yet written, and their position in the file.
  private final ByteBuffer pending;
  private long pendingPosition;

  private VectorFile(Path path, int length, FileChannel channel, int writeBytes)
      throws IOException {
    this.path = path;
    try {
      identity = FileIdentity.read(path);
    } catch (IOException e) {
      try (channel) {
        throw e;
      }
    }
    this.length = length;
    this.channel = channel;
    readBuffer = ThreadLocal.withInitial(() -> buffer(recordBytes()));
    pending = buffer(Math.max(writeBytes, recordBytes()));
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Opens an existing file for reading.
   *
   * @param path the file
   * @param length floats in a vector
   */
  public static VectorFile read(Path path, int length) throws IOException {
    return new VectorFile(path, length, FileChannel.open(path, StandardOpenOption.READ), 0);
  }

  /**
   * Opens a file for reading and writing; creates it if there is none.
   *
   * @param path the file
   * @param length floats in a vector
   */
  public static VectorFile write(Path path, int length) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    return new VectorFile(path, length, channel, WRITE_BYTES);
  }

  private int recordBytes() {
    return recordBytes(length);
  }

  /** Bytes of the record of a vector with this many floats. */
  static int recordBytes(int length) {
    return Math.addExact(ContentHash.BYTES + CRC_BYTES, Math.multiplyExact(length, Float.BYTES));
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** Floats in a vector. */
  public int length() {
    return length;
  }

  /** The number of complete records in the file. */
  public long records() throws IOException {
    return channel.size() / recordBytes();
  }

  /** Whether the file is still in its place; on Unix, it can be deleted while it is open. */
  public boolean isInPlace() {
    return identity.isInPlace();
  }

  /**
   * Writes a vector; it is on disk after {@link #force}.
   *
   * @param row index of the record; the one after the last put, or any after a force
   * @param hash the image
   * @param values the vector, from {@code offset} on
   */
  public void put(long row, ContentHash hash, float[] values, int offset) throws IOException {
    long position = row * recordBytes();
    if (pending.remaining() < recordBytes() || position != pendingPosition + pending.position()) {
      write();
      pendingPosition = position;
    }
    int start = pending.position();
    pending.put(hash.bytes());
    pending.asFloatBuffer().put(values, offset, length);
    pending.position(pending.position() + length * Float.BYTES);
    pending.putInt(crc(pending, start));
  }

  private void write() throws IOException {
    pending.flip();
    long position = pendingPosition;
    while (pending.hasRemaining()) {
      position += channel.write(pending, position);
    }
    pending.clear();
  }

  /** Forces all records to disk, so that they survive a power failure. */
  public void force() throws IOException {
    write();
    channel.force(false);
  }

  /**
   * Reads a vector.
   *
   * @param row index of the record
   * @param hash the image whose vector the record must hold
   * @param target receives the vector
   * @param offset index of the first float in the target
   * @return whether the record is complete, undamaged and of this image; if not, the target's
   *     content is undefined
   */
  public boolean get(long row, ContentHash hash, float[] target, int offset) throws IOException {
    // A damaged index may name any record.
    if (row < 0 || row > Long.MAX_VALUE / recordBytes() - 1) {
      return false;
    }
    ByteBuffer record = readBuffer.get().clear();
    long position = row * recordBytes();
    while (record.hasRemaining()) {
      int n = channel.read(record, position + record.position());
      if (n < 0) {
        return false;
      }
    }
    record.position(recordBytes() - CRC_BYTES);
    if (crc(record, 0) != record.getInt()) {
      return false;
    }
    byte[] storedHash = new byte[ContentHash.BYTES];
    record.position(0).get(storedHash).asFloatBuffer().get(target, offset, length);
    return Arrays.equals(storedHash, hash.bytes());
  }

  /** The CRC-32C of the bytes from {@code start} to the buffer's position, which is unchanged. */
  private static int crc(ByteBuffer buffer, int start) {
    CRC32C crc = new CRC32C();
    ByteBuffer part = buffer.duplicate();
    part.limit(buffer.position()).position(start);
    crc.update(part);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

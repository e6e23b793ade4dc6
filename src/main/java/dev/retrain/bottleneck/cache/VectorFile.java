package dev.retrain.bottleneck.cache;

import dev.retrain.dataset.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The vectors of one backbone, in a file that only grows.
 *
 * <p>Records of one size, from the file's first byte on: the SHA-256 of the image (32 bytes), the
 * vector (float32, little-endian), the CRC-32C of both (4 bytes, little-endian). Which records
 * count is not said here but in the database beside it, so whatever an interrupted writer left
 * behind them is written over. A record is checked whenever it is read: bytes that are not those
 * that were written are never taken for a vector.
 *
 * <p>Read by position, not mapped: a mapped file would count as the process's memory, however
 * little of it is needed.
 *
 * <p>Owns a file channel. Several threads may read at once; one writes.
 */
public final class VectorFile implements AutoCloseable {
  private static final int CRC_BYTES = Integer.BYTES;

  /** Appended records are handed to the system in pieces of about so many bytes. */
  private static final int WRITE_BYTES = 1 << 20;

  private final Path path;
  private final int length;
  private final FileChannel channel;
  private final ThreadLocal<ByteBuffer> readBuffer;

  // What was appended and not yet written, and where it belongs.
  private final ByteBuffer pending;
  private long pendingPosition;

  private VectorFile(Path path, int length, FileChannel channel, int writeBytes) {
    this.path = path;
    this.length = length;
    this.channel = channel;
    readBuffer = ThreadLocal.withInitial(() -> buffer(recordBytes()));
    pending = buffer(Math.max(writeBytes, recordBytes()));
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Opens a file for reading.
   *
   * @param path the file
   * @param length floats in a vector
   */
  static VectorFile read(Path path, int length) throws IOException {
    return new VectorFile(path, length, FileChannel.open(path, StandardOpenOption.READ), 0);
  }

  /** Opens a file for reading and writing; makes it where there is none. */
  static VectorFile write(Path path, int length) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    return new VectorFile(path, length, channel, WRITE_BYTES);
  }

  private int recordBytes() {
    return recordBytes(length);
  }

  /** Bytes a vector of so many floats takes in a file. */
  static int recordBytes(int length) {
    return Math.addExact(ContentHash.BYTES + CRC_BYTES, Math.multiplyExact(length, Float.BYTES));
  }

  Path path() {
    return path;
  }

  int length() {
    return length;
  }

  /**
   * Puts a vector at a row; not on disk before {@link #force}.
   *
   * @param row 0 for the file's first record; the one after the last put, or any after a force
   * @param hash the image's
   * @param values {@code length} floats from {@code offset} on
   */
  void put(long row, ContentHash hash, float[] values, int offset) throws IOException {
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

  /** Makes what was put survive a power cut. */
  void force() throws IOException {
    write();
    channel.force(false);
  }

  /**
   * Reads a vector.
   *
   * @param row which record
   * @param hash the image it must be of
   * @param target where it goes
   * @param offset the first float's place there
   * @return whether it is the vector that was put; where not, the target holds nothing of use
   */
  boolean get(long row, ContentHash hash, float[] target, int offset) throws IOException {
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
    byte[] of = new byte[ContentHash.BYTES];
    record.position(0).get(of).asFloatBuffer().get(target, offset, length);
    return Arrays.equals(of, hash.bytes());
  }

  /** Of the bytes from {@code start} up to the buffer's position, which stays. */
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

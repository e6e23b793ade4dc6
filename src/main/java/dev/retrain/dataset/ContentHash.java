package dev.retrain.dataset;

import dev.retrain.util.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The SHA-256 of an image file. Feature vectors are keyed by it, so that the cache also has the
 * vector of a copy, a renamed file or a moved directory. Four longs need less memory than an array.
 *
 * @param a its first eight bytes, the most significant first
 * @param b the next eight
 * @param c the next eight
 * @param d the last eight
 */
public record ContentHash(long a, long b, long c, long d) {
  /** Length of a hash in bytes. */
  public static final int BYTES = 32;

  public static ContentHash of(byte[] content) {
    return fromBytes(Sha256.sha256().digest(content));
  }

  /**
   * A substitute for the content hash of an image of which only the name is known.
   *
   * @param name {@code class/file}
   */
  public static ContentHash ofName(String name) {
    return of(("retrain.py vector\n" + name).getBytes(StandardCharsets.UTF_8));
  }

  public static ContentHash fromBytes(byte[] digest) {
    return from(ByteBuffer.wrap(digest));
  }

  /** Reads 32 bytes from a big-endian buffer. */
  private static ContentHash from(ByteBuffer bytes) {
    return new ContentHash(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /** The hash as 64 lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }
}

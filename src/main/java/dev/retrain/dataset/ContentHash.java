package dev.retrain.dataset;

import dev.retrain.util.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The SHA-256 of an image file: what its vector is filed under, so that a copy, a renamed file or a
 * moved directory finds it again. Four numbers, since there may be millions of them.
 *
 * @param a its first eight bytes, the most significant first
 * @param b the next eight
 * @param c the next eight
 * @param d the last eight
 */
public record ContentHash(long a, long b, long c, long d) {
  /** Bytes of a hash. */
  public static final int BYTES = 32;

  public static ContentHash of(byte[] content) {
    return fromBytes(Sha256.sha256().digest(content));
  }

  /**
   * What stands for the content of an image that is not at hand, of which only the name is known.
   *
   * @param name {@code class/file}
   */
  public static ContentHash ofName(String name) {
    return of(("retrain.py vector\n" + name).getBytes(StandardCharsets.UTF_8));
  }

  public static ContentHash fromBytes(byte[] digest) {
    return from(ByteBuffer.wrap(digest));
  }

  /** Takes 32 bytes off a big-endian buffer. */
  private static ContentHash from(ByteBuffer bytes) {
    return new ContentHash(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /** 64 lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }
}

package dev.retrain.bottleneck;

import dev.retrain.fetch.Checksum;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The SHA-256 of a picture file: what its vector is filed under, so that a copy, a renamed file or
 * a moved directory finds it again.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ContentHash(String hex) {
  static ContentHash of(byte[] content) {
    return new ContentHash(Checksum.sha256(content));
  }

  /**
   * What stands for the content of a picture that is not at hand, of which only the name is known.
   *
   * @param name {@code class/file}
   */
  static ContentHash ofName(String name) {
    return of(("retrain.py vector\n" + name).getBytes(StandardCharsets.UTF_8));
  }

  static ContentHash fromBytes(byte[] digest) {
    return new ContentHash(HexFormat.of().formatHex(digest));
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }
}

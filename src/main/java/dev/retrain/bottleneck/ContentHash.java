package dev.retrain.bottleneck;

import dev.retrain.fetch.Checksum;
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

  static ContentHash fromBytes(byte[] digest) {
    return new ContentHash(HexFormat.of().formatHex(digest));
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }
}

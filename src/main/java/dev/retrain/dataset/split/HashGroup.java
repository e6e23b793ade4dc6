package dev.retrain.dataset.split;

import dev.retrain.dataset.ImageFile;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * Images that share the hashed part of their name, and so their partition, with their copies.
 *
 * @param name {@code class/file} without {@code _nohash_} and what follows
 * @param percent the hash of the name, as a percentage from 0 to 100
 * @param files the images
 * @param copies copies of images, which may be used for training only
 */
record HashGroup(String name, double percent, List<ImageFile> files, List<ImageFile> copies) {
  private static final long MAX_HASH = (1L << 27) - 1;

  /** An empty group, to which files are added. */
  static HashGroup named(String name) {
    return new HashGroup(name, percent(name), new ArrayList<>(), new ArrayList<>());
  }

  /** The percentage that retrain.py's {@code create_image_lists} computes from a name. */
  static double percent(String name) {
    try {
      byte[] sha1 =
          MessageDigest.getInstance("SHA-1").digest(name.getBytes(StandardCharsets.UTF_8));
      long hash = new BigInteger(1, sha1).mod(BigInteger.valueOf(MAX_HASH + 1)).longValueExact();
      return hash * (100.0 / MAX_HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

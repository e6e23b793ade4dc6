package dev.retrain.bottleneck.cache;

/**
 * Summary of all vectors of a backbone in the cache. The record of one image's vector is a row of
 * {@code VectorTable}.
 *
 * @param name the backbone's name
 * @param identity everything its vectors depend on besides the image
 * @param vectorLength floats in a vector
 * @param vectors number of vectors
 * @param withoutImage how many of them were imported without their images
 */
public record CachedBackbone(
    String name, String identity, int vectorLength, long vectors, long withoutImage) {
  /** Whether these are the vectors of a distorted variant of each image. */
  public boolean distorted() {
    return identity.contains(" variant=");
  }

  /** Bytes of the vectors themselves, without hashes and checksums. */
  public long bytes() {
    return 4L * vectorLength * vectors;
  }
}

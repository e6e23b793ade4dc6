package dev.retrain.dataset;

import dev.retrain.util.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A fingerprint of the images of a training: their names, contents and partitions. */
public final class DataFingerprint {
  private DataFingerprint() {}

  /**
   * SHA-256 over one line per image: {@code class/file}, content hash and partition, separated by
   * tabs. It does not depend on the location of the directory.
   */
  public static String compute(List<LabeledImage> images, Map<Path, ContentHash> hashes) {
    return compute(images, hashes, image -> "");
  }

  /**
   * The fingerprint of images whose names don't determine their classes: each line is followed by
   * the image's labels.
   *
   * @param labels the labels of an image as text; empty to omit them
   */
  public static String compute(
      List<LabeledImage> images,
      Map<Path, ContentHash> hashes,
      Function<LabeledImage, String> labels) {
    MessageDigest digest = Sha256.sha256();
    for (LabeledImage image : images) {
      String line =
          "%s\t%s\t%s%s\n"
              .formatted(
                  image.name(),
                  hashes.get(image.path()).hex(),
                  image.partition(),
                  labels.apply(image));
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}

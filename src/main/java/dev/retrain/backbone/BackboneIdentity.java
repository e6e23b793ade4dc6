package dev.retrain.backbone;

import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import java.util.List;
import java.util.Locale;

/**
 * Everything that a vector depends on besides the image. If the graph's checksum is known, the
 * identity is, even if the graph is not available locally.
 *
 * @param name name to display; not part of {@link #text}
 * @param graphSha256 SHA-256 of the graph's file
 * @param input the input tensor, {@code name:index}
 * @param bottlenecks the feature tensors, as in {@link Backbone#bottlenecks}
 * @param preprocessing how images are decoded, scaled and normalized
 * @param computation how vectors are computed. Optimization changes vectors only by rounding, but
 *     is part of the identity: equal images, options and seeds must give byte-equal models whatever
 *     an earlier run has cached
 * @param mirrored whether vectors are averaged with those of the horizontally flipped images
 */
public record BackboneIdentity(
    String name,
    String graphSha256,
    String input,
    List<String> bottlenecks,
    Preprocessing preprocessing,
    ComputeOptions computation,
    boolean mirrored) {
  // Incremented when a new version of this program computes other vectors than before.
  private static final int VERSION = 3;

  public BackboneIdentity {
    bottlenecks = List.copyOf(bottlenecks);
  }

  /** A copy with another resize mode. */
  public BackboneIdentity with(ResizeMode resize) {
    return new BackboneIdentity(
        name, graphSha256, input, bottlenecks, preprocessing.with(resize), computation, mirrored);
  }

  /** A copy with or without flip averaging. */
  public BackboneIdentity withMirrored(boolean other) {
    return new BackboneIdentity(
        name, graphSha256, input, bottlenecks, preprocessing, computation, other);
  }

  /**
   * The identity in one line, the key of the cache: equal lines mean equal vectors, and any
   * difference in graph, tensors, preprocessing or computation gives another line. Existing caches
   * depend on its format.
   */
  public String text() {
    String variant = preprocessing.variant().map(value -> " variant=" + value).orElse("");
    Normalization normalization = preprocessing.normalization();
    // Absent where older versions know no other value, so that their vectors are found.
    String unusual =
        (normalization.channels() == ChannelOrder.RGB
                ? ""
                : " channels=" + normalization.channels())
            + (preprocessing.resize() == ResizeMode.STRETCH
                ? ""
                : " resize=" + preprocessing.resize());
    return String.format(
        Locale.ROOT,
        "v%d graph=%s input=%s bottleneck=%s size=%dx%d mean=%s std=%s%s jpeg=1/%d %s%s%s",
        VERSION,
        graphSha256,
        input,
        String.join(",", bottlenecks),
        preprocessing.height(),
        preprocessing.width(),
        Normalization.text(normalization.mean()),
        Normalization.text(normalization.std()),
        unusual,
        preprocessing.jpegScale(),
        computation,
        variant,
        mirrored ? " mirrored" : "");
  }
}

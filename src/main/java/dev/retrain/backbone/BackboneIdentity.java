package dev.retrain.backbone;

import dev.retrain.image.Preprocessing;
import java.util.List;
import java.util.Locale;

/**
 * Everything a vector depends on besides the image. It is known of a graph whose checksum is known,
 * also where the graph itself is not at hand.
 *
 * @param name what the user calls the network; for people, not part of {@link #text}
 * @param graphSha256 SHA-256 of the graph's file
 * @param input the tensor images are fed at, {@code name:index}
 * @param bottlenecks what the vector is joined of, in this order, as {@link Backbone} spells it
 * @param preprocessing what an image becomes before it is fed
 * @param computation how the network is computed; part of the identity although an optimised graph
 *     gives the same vectors but for rounding: the same images, options and seed must give the same
 *     model, byte for byte, whatever an earlier run has left in the cache
 * @param mirrored whether vectors are averages with those of mirror images
 */
public record BackboneIdentity(
    String name,
    String graphSha256,
    String input,
    List<String> bottlenecks,
    Preprocessing preprocessing,
    ComputeOptions computation,
    boolean mirrored) {
  // Raised whenever the same graph and image would give another vector than before.
  private static final int VERSION = 3;

  /** Copies the list. */
  public BackboneIdentity {
    bottlenecks = List.copyOf(bottlenecks);
  }

  /** The identity of the same network with mirror images looked at or not. */
  public BackboneIdentity withMirrored(boolean other) {
    return new BackboneIdentity(
        name, graphSha256, input, bottlenecks, preprocessing, computation, other);
  }

  /**
   * The identity in one line: equal lines mean equal vectors, and any difference in graph, tensors,
   * preprocessing or computation gives another line. The cache is keyed by it.
   */
  public String text() {
    String variant = preprocessing.variant().map(of -> " variant=" + of).orElse("");
    return String.format(
        Locale.ROOT,
        "v%d graph=%s input=%s bottleneck=%s size=%dx%d mean=%s std=%s jpeg=1/%d %s%s%s",
        VERSION,
        graphSha256,
        input,
        String.join(",", bottlenecks),
        preprocessing.height(),
        preprocessing.width(),
        preprocessing.mean(),
        preprocessing.std(),
        preprocessing.jpegScale(),
        computation,
        variant,
        mirrored ? " mirrored" : "");
  }
}

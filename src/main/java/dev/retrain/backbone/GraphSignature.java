package dev.retrain.backbone;

import java.util.List;
import java.util.Optional;

/**
 * What a user says of a frozen graph of their own; what is absent is guessed from the graph.
 *
 * @param input the tensor batches of images are fed at; guessed where there is one float
 *     placeholder of images
 * @param bottlenecks the bottlenecks, as {@link Backbone} spells them; empty means the last pooling
 * @param size height and width; guessed from the placeholder's shape
 * @param mean subtracted from each colour value; default 127.5
 * @param std divides each colour value; default 127.5
 */
public record GraphSignature(
    Optional<String> input,
    List<String> bottlenecks,
    Optional<Size> size,
    Optional<Float> mean,
    Optional<Float> std) {
  /**
   * @param height rows
   * @param width columns
   */
  public record Size(int height, int width) {}

  /** Copies the list. */
  public GraphSignature {
    bottlenecks = List.copyOf(bottlenecks);
  }
}

package dev.retrain.backbone.signature;

import java.util.List;
import java.util.Optional;

/**
 * The inputs and outputs of a user's frozen graph. Absent values are inferred from the graph.
 *
 * @param input the input tensor; if absent, the only float32 placeholder with the shape of images
 * @param bottlenecks the feature tensors, in the form of {@link
 *     dev.retrain.backbone.graph.FeatureTensor}; if empty, the last average pooling
 * @param size height and width of images in pixels; if absent, those of the placeholder's shape
 * @param mean subtracted from each color value (0 to 255); default 127.5, or 0 if the placeholder
 *     is uint8
 * @param std divides each color value after that; default 127.5, or 1 if the placeholder is uint8
 */
public record GraphSignature(
    Optional<String> input,
    List<String> bottlenecks,
    Optional<Size> size,
    Optional<Float> mean,
    Optional<Float> std) {
  /**
   * The size of images.
   *
   * @param height pixels
   * @param width pixels
   */
  public record Size(int height, int width) {
    /** The form of the setting: {@code 224,224}. */
    @Override
    public String toString() {
      return height + "," + width;
    }
  }

  public GraphSignature {
    bottlenecks = List.copyOf(bottlenecks);
  }
}

package dev.retrain.backbone.signature;

import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.signature.range.ColorOptions;
import java.util.List;
import java.util.Optional;

/**
 * The inputs and outputs of a user's network. Absent values are inferred from the graph.
 *
 * @param input the input tensor; if absent, the only float32 or uint8 placeholder with the shape of
 *     images
 * @param bottlenecks the feature tensors, in the form of {@link
 *     dev.retrain.backbone.graph.FeatureTensor}; if empty, those of {@code features}
 * @param features which layers make the vector; the last one is the pooled output, or what enters
 *     the last dense layer if the output is class scores
 * @param size height and width of images in pixels; if absent, those of the placeholder's shape
 * @param colors the range of color values and the order of the channels
 */
public record GraphSignature(
    Optional<String> input,
    List<String> bottlenecks,
    FeatureSet features,
    Optional<Size> size,
    ColorOptions colors) {
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

  /**
   * A signature whose mean and standard deviation are those of all channels.
   *
   * @param mean subtracted from each color value (0 to 255)
   * @param std divides each color value after that
   */
  public GraphSignature(
      Optional<String> input,
      List<String> bottlenecks,
      Optional<Size> size,
      Optional<Float> mean,
      Optional<Float> std) {
    this(
        input,
        bottlenecks,
        FeatureSet.LAST,
        size,
        new ColorOptions(
            mean.map(List::of).orElse(List.of()),
            std.map(List::of).orElse(List.of()),
            Optional.empty(),
            Optional.empty()));
  }
}

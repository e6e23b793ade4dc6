package dev.retrain.model.legacy;

import dev.retrain.backbone.signature.GraphSignature.Size;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a user says about a model without metadata; absent values are inferred from its graph.
 *
 * @param labels the file of labels, one per line; if absent, found beside the graph by its name
 * @param input the tensor that accepts images, {@code name} or {@code name:index}
 * @param output the tensor of the probabilities, {@code name} or {@code name:index}
 * @param size height and width of images in pixels
 * @param mean subtracted from each color value (0 to 255)
 * @param std divides each color value after that
 */
public record ModelHints(
    Optional<Path> labels,
    Optional<String> input,
    Optional<String> output,
    Optional<Size> size,
    Optional<Float> mean,
    Optional<Float> std) {
  /** Everything is inferred. */
  public static final ModelHints NONE =
      new ModelHints(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** The first setting that has a value; empty if there is none. */
  public Optional<Setting> firstGiven() {
    Map<Setting, Optional<?>> all = new LinkedHashMap<>();
    all.put(Setting.LABELS, labels);
    all.put(Setting.INPUT, input);
    all.put(Setting.OUTPUT_TENSOR, output);
    all.put(Setting.SIZE, size);
    all.put(Setting.MEAN, mean);
    all.put(Setting.STD, std);
    return all.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .map(Map.Entry::getKey)
        .findFirst();
  }
}

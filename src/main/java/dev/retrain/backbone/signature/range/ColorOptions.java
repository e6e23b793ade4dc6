package dev.retrain.backbone.signature.range;

import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import java.util.List;
import java.util.Optional;

/**
 * What the user says about the color values that a network accepts.
 *
 * @param mean subtracted from each value (0 to 255): one number, or three for red, green and blue;
 *     empty for the default
 * @param std divides each value after that: one number or three; empty for the default
 * @param range the range that stands for a mean and a standard deviation; excludes both
 * @param channels the order of the channels; default red, green, blue
 */
public record ColorOptions(
    List<Float> mean,
    List<Float> std,
    Optional<ValueRange> range,
    Optional<ChannelOrder> channels) {
  /** Nothing is said. */
  public static final ColorOptions NONE =
      new ColorOptions(List.of(), List.of(), Optional.empty(), Optional.empty());

  /**
   * @throws dev.retrain.util.InvalidSettingException if a number is out of range
   */
  public ColorOptions {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    // Checks the numbers.
    new Normalization(
        mean.isEmpty() ? List.of(0f) : mean, std.isEmpty() ? List.of(1f) : std, ChannelOrder.RGB);
  }

  /**
   * The normalization that is said, if it is.
   *
   * @param missing gives the mean or the standard deviation if only the other one is said
   * @throws dev.retrain.util.InvalidSettingException if a number is out of range
   */
  Optional<Normalization> normalization(Normalization missing) {
    if (range.isPresent()) {
      return Optional.of(ordered(range.get().normalization()));
    }
    if (mean.isEmpty() && std.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        ordered(
            new Normalization(
                mean.isEmpty() ? missing.mean() : mean,
                std.isEmpty() ? missing.std() : std,
                missing.channels())));
  }

  /** These options; if they don't say the range of values, it is 0 to 255. */
  public ColorOptions orBytes() {
    return range.isPresent() || !mean.isEmpty() || !std.isEmpty()
        ? this
        : new ColorOptions(List.of(0f), List.of(1f), range, channels);
  }

  /** A normalization with the order of the channels that is said. */
  Normalization ordered(Normalization normalization) {
    return channels.map(normalization::with).orElse(normalization);
  }
}

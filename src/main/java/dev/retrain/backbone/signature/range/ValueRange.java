package dev.retrain.backbone.signature.range;

import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The usual ways to scale color values. Each stands for a mean and a standard deviation. */
public enum ValueRange {
  /** From -1 to 1, as retrain.py's networks accept them: MobileNet, Inception. */
  SIGNED("-1,1", Normalization.of(127.5f, 127.5f)),
  /** From 0 to 1, the convention of TF Hub. */
  UNIT("0,1", Normalization.of(0, 255)),
  /** From 0 to 255, as decoded. */
  BYTES("0,255", Normalization.of(0, 1)),
  /** ImageNet's mean and standard deviation of each channel, as in PyTorch. */
  TORCH(
      "torch",
      new Normalization(
          List.of(0.485f * 255, 0.456f * 255, 0.406f * 255),
          List.of(0.229f * 255, 0.224f * 255, 0.225f * 255),
          ChannelOrder.RGB)),
  /** ImageNet's mean of each channel, in the order blue, green, red, as in Caffe. */
  CAFFE(
      "caffe",
      new Normalization(List.of(123.68f, 116.779f, 103.939f), List.of(1f), ChannelOrder.BGR));

  /** The ranges that are only bounds, and can be set. */
  public static final List<ValueRange> BOUNDS = List.of(UNIT, SIGNED, BYTES);

  private final String text;

  @SuppressWarnings("ImmutableEnumChecker") // A record of unmodifiable lists.
  private final Normalization normalization;

  ValueRange(String text, Normalization normalization) {
    this.text = text;
    this.normalization = normalization;
  }

  /** The range that is written as a text; empty if none of {@link #BOUNDS} is. */
  public static Optional<ValueRange> parse(String text) {
    return BOUNDS.stream().filter(range -> range.text.equals(text.replace(" ", ""))).findFirst();
  }

  /** The means and standard deviations of the range. */
  public Normalization normalization() {
    return normalization;
  }

  /** The range of a normalization, if it is one of these. */
  static Optional<ValueRange> of(Normalization normalization) {
    return Stream.of(values())
        .filter(range -> range.normalization.equals(normalization))
        .findFirst();
  }

  @Override
  public String toString() {
    return text;
  }
}

package dev.retrain.image;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How color values from 0 to 255 become those that a network accepts: {@code (value - mean) * (1 /
 * std)}, and the order of the channels.
 *
 * @param mean subtracted from the values: one number for all channels, or those of red, green and
 *     blue, whatever the order of the channels
 * @param std divides the values after that, above 0: one number, or three as {@code mean}
 * @param channels the order in which the network accepts the channels
 */
public record Normalization(List<Float> mean, List<Float> std, ChannelOrder channels) {
  private static final int CHANNELS = 3;

  /** Numbers that are equal for all channels become one number. */
  public Normalization {
    mean = checked(Setting.MEAN, mean);
    std = checked(Setting.STD, std);
    for (float value : mean) {
      if (!Float.isFinite(value)) {
        throw new InvalidSettingException(Setting.MEAN, "must be finite, but is %s", value);
      }
    }
    for (float value : std) {
      if (!(value > 0) || !Float.isFinite(value)) {
        throw new InvalidSettingException(
            Setting.STD, "must be finite and above 0, but is %s", value);
      }
    }
  }

  private static List<Float> checked(Setting setting, List<Float> values) {
    if (values.size() != 1 && values.size() != CHANNELS) {
      throw new InvalidSettingException(
          setting,
          "must be one number or three (R,G,B), but has %s",
          Counted.of(values.size(), "number"));
    }
    return Set.copyOf(values).size() == 1 ? List.of(values.get(0)) : List.copyOf(values);
  }

  /** The same mean and standard deviation for red, green and blue, in this order. */
  public static Normalization of(float mean, float std) {
    return new Normalization(List.of(mean), List.of(std), ChannelOrder.RGB);
  }

  /** The same numbers with another order of channels. */
  public Normalization with(ChannelOrder order) {
    return new Normalization(mean, std, order);
  }

  /** The mean of a channel: 0 for red, 1 for green, 2 for blue. */
  public float mean(int channel) {
    return mean.get(mean.size() == 1 ? 0 : channel);
  }

  /** The standard deviation of a channel: 0 for red, 1 for green, 2 for blue. */
  public float std(int channel) {
    return std.get(std.size() == 1 ? 0 : channel);
  }

  /**
   * Adds the operations that normalize values.
   *
   * @param tf adds operations to the graph
   * @param values [..., 3], red, green and blue from 0 to 255
   */
  Operand<TFloat32> add(Ops tf, Operand<TFloat32> values) {
    // retrain.py also multiplies by the reciprocal.
    Operand<TFloat32> scaled =
        tf.math.mul(
            tf.math.sub(values, constant(tf, mean)),
            constant(tf, std.stream().map(value -> 1f / value).toList()));
    return channels == ChannelOrder.BGR ? tf.reverse(scaled, tf.constant(new int[] {-1})) : scaled;
  }

  private static Operand<TFloat32> constant(Ops tf, List<Float> values) {
    return values.size() == 1
        ? tf.constant(values.get(0))
        : tf.constant(new float[] {values.get(0), values.get(1), values.get(2)});
  }

  /** One number as it is, three as {@code R,G,B}. */
  public static String text(List<Float> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Such as {@code (value - 127.5) / 127.5}. */
  @Override
  public String toString() {
    return "(value - %s) / %s%s"
        .formatted(
            number(mean),
            number(std),
            channels == ChannelOrder.BGR ? ", channels in order BGR" : "");
  }

  private static String number(List<Float> values) {
    return values.size() == 1 ? text(values) : "[" + text(values) + "]";
  }
}

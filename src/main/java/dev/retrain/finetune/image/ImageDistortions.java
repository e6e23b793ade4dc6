package dev.retrain.finetune.image;

import dev.retrain.finetune.input.DistortionStage;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Ranges of the random distortions of training images during fine-tuning. The distortion of an
 * image depends only on these ranges, the seed, the epoch and the index of the image.
 *
 * @param values the value of each kind; absent kinds are 0
 * @param magnitude magnitude of RandAugment's operations, 0 to 30; 9 unless it is used
 */
public record ImageDistortions(Map<DistortionKind, Double> values, double magnitude) {
  /** The text of {@link #NONE}. */
  static final String NO_WORD = "none";

  /** None. */
  public static final ImageDistortions NONE =
      new ImageDistortions(Map.of(), RandAugment.USUAL_MAGNITUDE);

  /** Flips, and shifts by up to an eighth. */
  public static final ImageDistortions DEFAULT =
      NONE.with(DistortionKind.FLIP, 1).with(DistortionKind.SHIFT, 0.125);

  /** The geometric kinds that need an interpolation of each pixel. */
  private static final Set<DistortionKind> WARPS =
      EnumSet.of(
          DistortionKind.ZOOM,
          DistortionKind.ROTATION,
          DistortionKind.SHEAR,
          DistortionKind.RANDAUGMENT);

  public ImageDistortions {
    EnumMap<DistortionKind, Double> used = new EnumMap<>(DistortionKind.class);
    values.forEach(
        (kind, value) -> {
          if (!(value >= 0 && value <= kind.max())) {
            throw invalid(kind.word(), kind.max(), value);
          }
          if (kind.isInteger() && value != Math.rint(value)) {
            throw new InvalidSettingException(
                Setting.DISTORTIONS, "must have an integer for %s, but has %s", kind.word(), value);
          }
          if (value > 0) {
            used.put(kind, value);
          }
        });
    if (!(magnitude >= 0 && magnitude <= RandAugment.MAX_MAGNITUDE)) {
      throw invalid("magnitude of randaugment", RandAugment.MAX_MAGNITUDE, magnitude);
    }
    values = Map.copyOf(used);
    magnitude =
        used.containsKey(DistortionKind.RANDAUGMENT) ? magnitude : RandAugment.USUAL_MAGNITUDE;
  }

  private static InvalidSettingException invalid(String word, double max, double value) {
    return new InvalidSettingException(
        Setting.DISTORTIONS,
        "must have a %s from 0 to %s, but has %s",
        word,
        DistortionKind.text(max),
        DistortionKind.text(value));
  }

  /** The same with another value of a kind; 0 to disable it. */
  public ImageDistortions with(DistortionKind kind, double value) {
    Map<DistortionKind, Double> changed = new EnumMap<>(DistortionKind.class);
    changed.putAll(values);
    changed.put(kind, value);
    return new ImageDistortions(changed, magnitude);
  }

  /** The same with another magnitude of RandAugment. */
  public ImageDistortions withMagnitude(double other) {
    return new ImageDistortions(values, other);
  }

  /** The value of a kind; 0 if images are not distorted so. */
  public double value(DistortionKind kind) {
    return values.getOrDefault(kind, 0.0);
  }

  /** Whether images are distorted so. */
  public boolean has(DistortionKind kind) {
    return values.containsKey(kind);
  }

  /** Whether no image is changed. */
  public boolean changesNothing() {
    return values.isEmpty();
  }

  /** The stages that a graph needs for these distortions, the cheapest ones. */
  public Set<DistortionStage> stages() {
    Set<DistortionStage> stages = EnumSet.noneOf(DistortionStage.class);
    moves().ifPresent(stages::add);
    colors().ifPresent(stages::add);
    if (has(DistortionKind.RANDAUGMENT)) {
      stages.add(DistortionStage.TONE);
    }
    if (has(DistortionKind.ERASING)) {
      stages.add(DistortionStage.ERASE);
    }
    if (has(DistortionKind.MIXUP)) {
      stages.add(DistortionStage.MIX);
    }
    return stages;
  }

  private Optional<DistortionStage> moves() {
    boolean shifts = has(DistortionKind.SHIFT);
    boolean crops = has(DistortionKind.CROP);
    if (values.keySet().stream().anyMatch(WARPS::contains) || (crops && shifts)) {
      return Optional.of(DistortionStage.WARP);
    }
    if (crops) {
      return Optional.of(DistortionStage.BOX);
    }
    return shifts || has(DistortionKind.FLIP)
        ? Optional.of(DistortionStage.SHIFT)
        : Optional.empty();
  }

  private Optional<DistortionStage> colors() {
    if (has(DistortionKind.SATURATION) || has(DistortionKind.RANDAUGMENT)) {
      return Optional.of(DistortionStage.SATURATION);
    }
    return has(DistortionKind.BRIGHTNESS) || has(DistortionKind.CONTRAST)
        ? Optional.of(DistortionStage.BRIGHTNESS)
        : Optional.empty();
  }

  /** The kinds with their values, such as {@code flip,shift=0.125}; {@code none} without any. */
  @Override
  public String toString() {
    StringJoiner parts = new StringJoiner(",");
    parts.setEmptyValue(NO_WORD);
    for (DistortionKind kind : DistortionKind.values()) {
      if (kind == DistortionKind.FLIP && has(kind)) {
        parts.add(kind.word());
      } else if (has(kind)) {
        parts.add(kind.word() + "=" + DistortionKind.text(value(kind)));
      }
    }
    if (has(DistortionKind.RANDAUGMENT)) {
      parts.add(DistortionKind.text(magnitude));
    }
    return parts.toString();
  }
}

package dev.retrain.training;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;

/** Range checks of training settings; each throws {@link InvalidSettingException}. */
public final class Ranges {
  private Ranges() {}

  public static void checkPositive(Setting setting, double value) {
    if (!(value > 0) || !Double.isFinite(value)) {
      throw new InvalidSettingException(setting, "must be finite and above 0, but is %s", value);
    }
    checkFloat(setting, value);
  }

  public static void checkNonNegative(Setting setting, double value) {
    if (!(value >= 0) || !Double.isFinite(value)) {
      throw new InvalidSettingException(setting, "must be finite and at least 0, but is %s", value);
    }
    checkFloat(setting, value);
  }

  /** TensorFlow computes with 32-bit floats, where a larger value would be infinite. */
  private static void checkFloat(Setting setting, double value) {
    if (value > Float.MAX_VALUE) {
      throw new InvalidSettingException(
          setting, "must be at most %s, but is %s", Float.MAX_VALUE, value);
    }
  }

  public static void checkFraction(Setting setting, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InvalidSettingException(
          setting, "must be at least 0 and below 1, but is %s", value);
    }
  }

  public static void checkAtLeastOne(Setting setting, int value) {
    if (value < 1) {
      throw new InvalidSettingException(setting, "must be at least 1, but is %d", value);
    }
  }

  /** Checks a factor by which something becomes smaller. */
  public static void checkFactor(Setting setting, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new InvalidSettingException(setting, "must be above 0 and at most 1, but is %s", value);
    }
  }
}

package dev.retrain.finetune.layers;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;

/**
 * Which layers of a network are trained. The text form of each case is also its {@code toString}.
 */
public sealed interface FineTuneLayers {
  /**
   * The last three quarters of the blocks. The first ones detect edges and colors, which suit all
   * images, and cost most; training them too does not improve accuracy.
   */
  FineTuneLayers DEFAULT = new Default();

  /** The last three quarters of the blocks; {@code default}. */
  record Default() implements FineTuneLayers {
    @Override
    public String toString() {
      return "default";
    }
  }

  /** All layers; {@code all}. */
  record All() implements FineTuneLayers {
    @Override
    public String toString() {
      return "all";
    }
  }

  /**
   * The last blocks; their number.
   *
   * @param count number of blocks, at least 1
   */
  record LastBlocks(int count) implements FineTuneLayers {
    public LastBlocks {
      if (count < 1) {
        throw new InvalidSettingException(
            Setting.FINE_TUNE_LAYERS,
            "must be all or a number of blocks of at least 1, but is %d",
            count);
      }
    }

    @Override
    public String toString() {
      return Integer.toString(count);
    }
  }

  /**
   * The layers after a tensor; its name.
   *
   * @param tensor {@code name} or {@code name:index}
   */
  record From(String tensor) implements FineTuneLayers {
    @Override
    public String toString() {
      return tensor;
    }
  }

  /**
   * Parses the text form.
   *
   * @param text {@code default}, {@code all}, or a number of blocks
   * @throws InvalidSettingException if it is another text, or a number below 1
   */
  static FineTuneLayers parse(String text) {
    if (text.equals("all")) {
      return new All();
    }
    if (text.equals("default")) {
      return DEFAULT;
    }
    try {
      return new LastBlocks(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new InvalidSettingException(
          Setting.FINE_TUNE_LAYERS, "must be all or a number of blocks, but is '%s'", text);
    }
  }
}

package dev.retrain.image;

import java.util.Locale;

/** What happens to the aspect ratio of an image that is resized. */
public enum ResizeMode {
  /** The whole image is resized; its aspect ratio changes. As in retrain.py. */
  STRETCH,
  /**
   * The largest centered part with the aspect ratio of the network is resized, as by Keras's {@code
   * crop_to_aspect_ratio}: a square of the shorter side for a square network.
   */
  CROP,
  /**
   * The whole image is resized to fit, and centered on black, as by TensorFlow's {@code
   * resize_with_pad}.
   */
  PAD;

  /** The lower-case name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

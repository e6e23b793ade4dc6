package dev.retrain.image;

import java.util.Locale;

/** The order of the color channels that a network accepts. */
public enum ChannelOrder {
  /** Red, green, blue, as images are decoded. */
  RGB,
  /** Blue, green, red, as in networks that were trained with Caffe. */
  BGR;

  /** The lower-case name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.retrain.backbone.registry;

import java.util.Locale;

/** Which of its layers a network of the registry gives a vector of. */
public enum FeatureSet {
  /** The last pooling alone: what the network's own classifier reads. */
  LAST,
  /** Several layers, averaged and joined: longer, and better for images unlike ImageNet's. */
  MULTI,
  /** The same layers, each averaged over the four quarters of the image: four times as long. */
  GRID;

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

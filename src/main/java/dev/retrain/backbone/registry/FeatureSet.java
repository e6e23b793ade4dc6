package dev.retrain.backbone.registry;

import java.util.Locale;

/** Which layers of a backbone make the feature vector. */
public enum FeatureSet {
  /** The last pooling, which the backbone's own classifier uses. */
  LAST,
  /** Several layers, averaged and concatenated: longer, and better for images unlike ImageNet. */
  MULTI,
  /** The same layers, averaged over each quarter of the image: four times as long. */
  GRID;

  /** The lower-case name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.retrain.dataset;

import java.util.Locale;
import java.util.Optional;

/** What an image is used for, in the order of use. */
public enum Partition {
  /** Fits the weights of the new layer. */
  TRAINING,
  /** Selects among the weights that the training visits. */
  VALIDATION,
  /** Evaluates the final model, once. */
  TEST;

  /** The one of two partitions that a training uses first. */
  public static Partition earliest(Partition a, Partition b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** Names that {@link #parse} knows, for messages. */
  public static final String NAMES =
      "train (or training), val (or valid, validation, dev) and test (or testing)";

  /** The set that a folder or a list means by a name; case is ignored. */
  public static Optional<Partition> parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Optional.of(TRAINING);
      case "val", "valid", "validation", "dev" -> Optional.of(VALIDATION);
      case "test", "testing" -> Optional.of(TEST);
      default -> Optional.empty();
    };
  }

  /** The name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

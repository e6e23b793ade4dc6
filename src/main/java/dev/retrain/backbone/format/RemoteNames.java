package dev.retrain.backbone.format;

import dev.retrain.util.Setting;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses of networks, and handles of Kaggle and Hugging Face. */
final class RemoteNames {
  /** Paths have lost the second slash. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?i)(https?|gs|s3|ftp|hf|kaggle|file):/.*");

  /** {@code google/mobilenet-v2/tensorFlow2/100-224-feature-vector/2}. */
  private static final Pattern KAGGLE =
      Pattern.compile(
          "(?i)(models/)?[\\w.-]+/[\\w.-]+/(models/)?(frameworks/)?"
              + "(tensorflow[12]|tflite|tfjs|keras|jax|flax|pytorch)(/.*)?");

  private RemoteNames() {}

  /**
   * A name that is an address or a handle.
   *
   * @param name what the user typed; it exists nowhere as a file
   */
  static Optional<DetectedFormat> identify(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("tfhub.dev/") || lower.matches("https?:/+(www\\.)?tfhub\\.dev/.*")) {
      return Optional.of(found("the address of a TensorFlow Hub module"));
    }
    if (lower.matches("(https?:/+)?(www\\.)?kaggle\\.com/.*") || lower.startsWith("kaggle:/")) {
      return Optional.of(found("the address of a Kaggle model"));
    }
    if (KAGGLE.matcher(name).matches()) {
      return Optional.of(found("the handle of a Kaggle model"));
    }
    return ADDRESS.matcher(name).matches() ? Optional.of(found("an address")) : Optional.empty();
  }

  private static DetectedFormat found(String kind) {
    return DetectedFormat.of(
        kind,
        "Nothing is downloaded from there. Download the model as a TensorFlow SavedModel, unpack it,"
            + " and set %s to its directory",
        Setting.SAVED_MODEL);
  }
}

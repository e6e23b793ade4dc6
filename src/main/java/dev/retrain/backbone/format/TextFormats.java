package dev.retrain.backbone.format;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Formats of text files. */
final class TextFormats {
  private static final Pattern GRAPH =
      Pattern.compile(
          "(?s)(#[^\\n]*\\n\\s*)*(node|library|versions|debug_info)\\s*:?\\s*[{<].*"
              + "|(?s)(#[^\\n]*\\n\\s*)*version\\s*:.*");
  private static final Pattern META_GRAPH =
      Pattern.compile("(?s)(meta_info_def|graph_def|saver_def|collection_def)\\s*:?\\s*[{<].*");
  private static final Pattern SAVED_MODEL =
      Pattern.compile("(?s)(saved_model_schema_version\\s*:|meta_graphs\\s*:?\\s*[{<]).*");
  private static final Pattern KERAS = Pattern.compile("(?s).*\"(class_name|keras_version)\".*");

  private TextFormats() {}

  /** Whether it is a GraphDef in text format. */
  static boolean isGraph(FileSample sample) {
    return sample.isText() && GRAPH.matcher(sample.text()).matches();
  }

  /** The format of a text file; any text is identified, except a graph. */
  static Optional<DetectedFormat> identify(FileSample sample) {
    String text = sample.text();
    if (!sample.isText() || isGraph(sample)) {
      return Optional.empty();
    }
    String lower = text.substring(0, Math.min(256, text.length())).toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of(Remedies.failedDownload("a web page (HTML)"));
    }
    if (lower.startsWith("<?xml") || lower.startsWith("<error>")) {
      return Optional.of(Remedies.failedDownload("an XML document, such as a server's error"));
    }
    if (lower.startsWith("version https://git-lfs")) {
      return Optional.of(
          DetectedFormat.of("a pointer of Git LFS", "Get the file itself with 'git lfs pull'"));
    }
    if (lower.contains("/annex/objects/") && text.length() < 1024) {
      return Optional.of(
          DetectedFormat.of("a pointer of git-annex", "Get the file itself with 'git annex get'"));
    }
    if (lower.startsWith("-----begin ")) {
      return Optional.of(
          DetectedFormat.of("encrypted or signed text (PGP or PEM)", "Decrypt it first"));
    }
    if (lower.startsWith("age-encryption.org/")) {
      return Optional.of(DetectedFormat.of("encrypted by age", "Decrypt it first"));
    }
    if (lower.startsWith("model_checkpoint_path")) {
      return Optional.of(
          Remedies.checkpoint("the list of checkpoints of a directory, which TensorFlow writes"));
    }
    if (SAVED_MODEL.matcher(text).matches()) {
      return Optional.of(Remedies.savedModel(Remedies.SAVED_MODEL_TEXT, directory(sample)));
    }
    if (META_GRAPH.matcher(text).matches()) {
      return Optional.of(Remedies.checkpoint("a MetaGraphDef (in text format)"));
    }
    return Optional.of(json(text).orElseGet(TextFormats::other));
  }

  static Path directory(FileSample sample) {
    Path parent = sample.file().getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static Optional<DetectedFormat> json(String text) {
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return Optional.empty();
    }
    if (text.contains("\"graph_sha256\"")) {
      return Optional.of(
          DetectedFormat.of("the metadata of a trained model", "Choose the graph beside it (.pb)"));
    }
    if (text.contains("\"modelTopology\"") || text.contains("\"weightsManifest\"")) {
      return Optional.of(Remedies.lite("a model of TensorFlow.js"));
    }
    return Optional.of(
        KERAS.matcher(text).matches()
            ? Remedies.keras("the architecture of a Keras model, without weights (JSON)")
            : DetectedFormat.of("a JSON file", "Choose the frozen graph of a network"));
  }

  private static DetectedFormat other() {
    return DetectedFormat.of(
        "a text file, but not a GraphDef in text format", "Choose the frozen graph of a network");
  }
}

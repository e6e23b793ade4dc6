package dev.retrain.backbone.format;

import dev.retrain.util.Setting;
import java.nio.file.Path;

/** What to do with the formats that are not read. */
final class Remedies {
  static final String SAVED_MODEL = "a SavedModel";
  static final String SAVED_MODEL_FILE = "the file of a SavedModel";
  static final String SAVED_MODEL_TEXT = "a SavedModel (in text format)";

  private Remedies() {}

  static DetectedFormat keras(String kind) {
    return DetectedFormat.of(
        kind,
        "Load it with Keras, write a SavedModel with model.export(directory), and set %s to that"
            + " directory",
        Setting.SAVED_MODEL);
  }

  /** Weights without a network. */
  static DetectedFormat weights(String kind) {
    return DetectedFormat.of(
        kind,
        "It has no network. Load it into its network with the program that wrote it, write a"
            + " SavedModel, and set %s to its directory",
        Setting.SAVED_MODEL);
  }

  static DetectedFormat checkpoint(String kind) {
    return DetectedFormat.of(
        kind,
        "It holds weights, but no network that can run. Freeze it with TensorFlow's freeze_graph, or"
            + " load it into its network, write a SavedModel, and set %s to its directory",
        Setting.SAVED_MODEL);
  }

  static DetectedFormat torch(String kind) {
    return DetectedFormat.of(
        kind,
        "Export the network with torch.onnx.export, convert the result to a SavedModel with onnx2tf,"
            + " and set %s to its directory",
        Setting.SAVED_MODEL);
  }

  static DetectedFormat onnx(String kind) {
    return DetectedFormat.of(
        kind,
        "Convert it to a SavedModel with onnx2tf, and set %s to its directory",
        Setting.SAVED_MODEL);
  }

  static DetectedFormat lite(String kind) {
    return DetectedFormat.of(
        kind,
        "Use the SavedModel or frozen graph that it was converted from, with %s or %s",
        Setting.SAVED_MODEL,
        Setting.GRAPH);
  }

  static DetectedFormat savedModel(String kind, Path directory) {
    return DetectedFormat.of(kind, "Set %s to %s", Setting.SAVED_MODEL, shown(directory));
  }

  static DetectedFormat frozenGraph(Path file) {
    return DetectedFormat.of("a frozen graph", "Set %s to %s", Setting.GRAPH, file);
  }

  /** A file that is not what was meant to be saved. */
  static DetectedFormat failedDownload(String kind) {
    return DetectedFormat.of(kind, "Download the network again, and check the address");
  }

  static DetectedFormat unpack(String kind) {
    return DetectedFormat.of(
        kind,
        "Unpack it, and set %s to the frozen graph or %s to the SavedModel in it",
        Setting.GRAPH,
        Setting.SAVED_MODEL);
  }

  /** A directory's path; that of the working directory is empty. */
  static String shown(Path directory) {
    return directory == null || directory.toString().isEmpty() ? "." : directory.toString();
  }
}

package dev.retrain.backbone.format;

import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Formats of directories, and prefixes of checkpoints. */
final class Directories {
  private static final int MAX_FILES = 10_000;

  private Directories() {}

  static DetectedFormat identify(Path directory) throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(directory)) {
      names = files.limit(MAX_FILES).map(file -> file.getFileName().toString()).sorted().toList();
    }
    if (names.contains("saved_model.pb") || names.contains("saved_model.pbtxt")) {
      return Remedies.savedModel(Remedies.SAVED_MODEL, directory);
    }
    if (names.contains("config.json") && names.contains("metadata.json")) {
      return Remedies.keras("an unpacked Keras model");
    }
    if (names.contains("checkpoint") || names.stream().anyMatch(name -> name.endsWith(".index"))) {
      return Remedies.checkpoint("a directory of checkpoints");
    }
    Optional<String> graph = names.stream().filter(name -> name.endsWith(".pb")).findFirst();
    if (graph.isPresent()) {
      return DetectedFormat.of(
          "a directory",
          "Set %s to a file in it: %s",
          Setting.GRAPH,
          directory.resolve(graph.get()));
    }
    Optional<Path> below = savedModelBelow(directory, names);
    return below.isPresent()
        ? Remedies.savedModel("a directory around a SavedModel", below.get())
        : DetectedFormat.of(
            names.isEmpty() ? "an empty directory" : "a directory without a network",
            "Choose the file of a frozen graph, or a SavedModel with %s",
            Setting.SAVED_MODEL);
  }

  /** Hub and Kaggle put versions into folders: {@code 1/saved_model.pb}. */
  private static Optional<Path> savedModelBelow(Path directory, List<String> names) {
    return names.stream()
        .map(directory::resolve)
        .filter(path -> Files.isRegularFile(path.resolve("saved_model.pb")))
        .findFirst();
  }

  /** A prefix, such as {@code ckpt-1}, which is not a file; its index is. */
  static Optional<DetectedFormat> checkpointPrefix(Path path) {
    Path name = path.getFileName();
    return name != null && Files.isRegularFile(path.resolveSibling(name + ".index"))
        ? Optional.of(Remedies.checkpoint("the prefix of a TensorFlow checkpoint"))
        : Optional.empty();
  }
}

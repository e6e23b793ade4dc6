package dev.retrain.backbone.format;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Detects what a file is that is given as a network but isn't one, and says what to do. */
public final class FileFormats {
  private static final Set<String> SAVED_MODELS =
      Set.of(Remedies.SAVED_MODEL, Remedies.SAVED_MODEL_FILE, Remedies.SAVED_MODEL_TEXT);

  private FileFormats() {}

  /** What is expected. */
  public enum Expected {
    /** A frozen graph as the backbone. */
    FROZEN_GRAPH("a frozen graph"),
    /** A SavedModel as the backbone. */
    SAVED_MODEL("a SavedModel"),
    /** The graph of a trained model. */
    TRAINED_MODEL("the graph of a trained model"),
    /** Any network, to describe it. */
    NETWORK("a frozen graph or SavedModel");

    private final String phrase;

    Expected(String phrase) {
      this.phrase = phrase;
    }
  }

  /**
   * Explains why a path is not what is expected.
   *
   * @param path a file or directory that can't be used, or a name without a file
   * @param expected what is expected
   * @return the exception to throw; empty if the format is not known or is the expected one
   * @throws IOException if the file can't be read
   */
  public static Optional<RetrainException> explain(Path path, Expected expected)
      throws IOException {
    return find(path, expected).map(found -> exception(path.toString(), expected, found));
  }

  /**
   * Explains a name that is an address or a handle of a network.
   *
   * @param name what the user typed
   * @param expected what is expected
   * @return the exception to throw; empty if it is neither
   */
  public static Optional<RetrainException> explainName(String name, Expected expected) {
    return RemoteNames.identify(name).map(found -> exception(name, expected, found));
  }

  /** Whether a path is a SavedModel's directory or its file. */
  public static boolean isSavedModel(Path path) throws IOException {
    return find(path, Expected.FROZEN_GRAPH)
        .filter(found -> SAVED_MODELS.contains(found.kind()))
        .isPresent();
  }

  /** Whether a file is an archive that holds a SavedModel. */
  public static boolean isSavedModelArchive(Path path) throws IOException {
    return Files.isRegularFile(path)
        && find(path, Expected.NETWORK)
            .filter(found -> found.kind().endsWith(ZipFormats.HOLDS_SAVED_MODEL))
            .isPresent();
  }

  static RetrainException exception(String name, Expected expected, DetectedFormat found) {
    List<Object> arguments = new ArrayList<>(List.of(name, expected.phrase, found.kind()));
    String remedy = found.remedy();
    if (expected == Expected.TRAINED_MODEL) {
      remedy = "Choose the graph that the training wrote, such as output_graph.pb";
    } else {
      arguments.addAll(found.arguments());
    }
    return new RetrainException("%s is not %s: it is %s. " + remedy + ".", arguments.toArray());
  }

  private static Optional<DetectedFormat> find(Path path, Expected expected) throws IOException {
    if (Files.isDirectory(path)) {
      DetectedFormat found = Directories.identify(path);
      return found.kind().equals(Remedies.SAVED_MODEL) && accepts(expected)
          ? Optional.empty()
          : Optional.of(found);
    }
    if (!Files.exists(path)) {
      Optional<DetectedFormat> remote = RemoteNames.identify(path.toString());
      return remote.isPresent() ? remote : Directories.checkpointPrefix(path);
    }
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    FileSample sample = FileSample.read(path);
    return expected == Expected.SAVED_MODEL && isGraph(sample)
        ? Optional.of(Remedies.frozenGraph(path))
        : identify(sample);
  }

  private static boolean accepts(Expected expected) {
    return expected == Expected.SAVED_MODEL || expected == Expected.NETWORK;
  }

  /** Whether a file is a frozen graph, binary or in text format. */
  private static boolean isGraph(FileSample sample) throws IOException {
    return TextFormats.isGraph(sample) || (sample.startsLikeGraph() && identify(sample).isEmpty());
  }

  /** The format of a file that is not a frozen graph. */
  static Optional<DetectedFormat> identify(FileSample sample) throws IOException {
    if (sample.isEmpty()) {
      return Optional.of(DetectedFormat.of("an empty file", "Copy or download the network again"));
    }
    for (Detector detector : DETECTORS) {
      Optional<DetectedFormat> found = detector.identify(sample);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  @FunctionalInterface
  private interface Detector {
    Optional<DetectedFormat> identify(FileSample sample) throws IOException;
  }

  private static final List<Detector> DETECTORS =
      List.of(
          BinaryFormats::identify,
          ZipFormats::identify,
          TarFormats::identify,
          TextFormats::identify,
          ProtoFormats::identify);
}

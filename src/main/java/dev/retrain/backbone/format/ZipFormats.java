package dev.retrain.backbone.format;

import dev.retrain.util.Setting;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Formats that are zip archives: of Keras 3, PyTorch and NumPy, and archives of networks. */
final class ZipFormats {
  /** More are not looked at. */
  private static final int MAX_ENTRIES = 100_000;

  static final String HOLDS_SAVED_MODEL = " that holds a SavedModel";

  private static final Pattern FROZEN = Pattern.compile("(?i)(.*/)?[^/]*\\.pb");

  private static final Pattern IMAGE =
      Pattern.compile("(?i)(.*/)?[^/]*\\.(jpe?g|png|gif|bmp|webp|tiff?)");

  /** Archives, and networks of other formats: once they are unpacked, their own message helps. */
  private static final Pattern OTHER_NETWORK =
      Pattern.compile(
          "(?i).*\\.(h5|hdf5|keras|tflite|onnx|pt|pth|npz|pbtxt|zip|tar|t?gz|bz2|xz|zst|7z)");

  private ZipFormats() {}

  static Optional<DetectedFormat> identify(FileSample sample) {
    if (!sample.has(0, "PK\u0003\u0004") && !sample.has(0, "PK\u0005\u0006")) {
      return Optional.empty();
    }
    try (ZipFile zip = ZipFile.builder().setPath(sample.file()).get()) {
      return Optional.of(
          found(Collections.list(zip.getEntries()).stream().limit(MAX_ENTRIES).toList()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(Remedies.failedDownload("a damaged or incomplete zip archive"));
    }
  }

  private static DetectedFormat found(List<ZipArchiveEntry> entries) {
    List<String> names = entries.stream().map(ZipArchiveEntry::getName).toList();
    if (names.contains("config.json") && names.contains("metadata.json")) {
      return Remedies.keras("a Keras model (.keras)");
    }
    if (any(names, name -> name.endsWith("/constants.pkl"))) {
      return Remedies.torch("a TorchScript module");
    }
    if (any(names, name -> name.endsWith("/data.pkl") || name.equals("data.pkl"))) {
      return Remedies.torch("a PyTorch file (.pt, .pth)");
    }
    if (!names.isEmpty() && names.stream().allMatch(name -> name.endsWith(".npy"))) {
      return Remedies.weights("a file of NumPy arrays (.npz)");
    }
    if (entries.stream().anyMatch(entry -> entry.getGeneralPurposeBit().usesEncryption())) {
      return DetectedFormat.of("an encrypted zip archive", "Decrypt and unpack it first");
    }
    return archive("a zip archive", names);
  }

  /**
   * An archive of any format.
   *
   * @param kind with its article: {@code a zip archive}
   * @param names the entries
   */
  static DetectedFormat archive(String kind, List<String> names) {
    if (any(names, name -> name.matches("(.*/)?saved_model\\.(pb|pbtxt)"))) {
      return DetectedFormat.of(kind + HOLDS_SAVED_MODEL, "Set %s to it", Setting.SAVED_MODEL);
    }
    Optional<String> graph =
        names.stream().filter(name -> FROZEN.matcher(name).matches()).findFirst();
    if (graph.isPresent()) {
      return DetectedFormat.of(
          kind + " that holds a frozen graph",
          "Unpack it, and set %s to the file %s",
          Setting.GRAPH,
          printable(graph.get()));
    }
    if (any(names, name -> name.endsWith(".index") || name.matches(".*\\.ckpt(\\..*)?"))) {
      return Remedies.checkpoint(kind + " that holds a checkpoint");
    }
    if (names.isEmpty()) {
      return Remedies.failedDownload("an empty archive");
    }
    Optional<String> image =
        names.stream().filter(name -> IMAGE.matcher(name).matches()).findFirst();
    if (image.isPresent()) {
      return DetectedFormat.of(
          kind + " of images, such as " + printable(image.get()),
          "Set %s to it to use them, and name a network here",
          Setting.IMAGE_DIRECTORY);
    }
    return any(names, name -> OTHER_NETWORK.matcher(name).matches())
        ? Remedies.unpack(kind)
        : DetectedFormat.of(
            kind + " without a network",
            "Its first file is %s. Set %s to a frozen graph or %s to a SavedModel",
            printable(names.get(0)),
            Setting.GRAPH,
            Setting.SAVED_MODEL);
  }

  private static String printable(String name) {
    return name.replaceAll("[^ -~]", "?");
  }

  private static boolean any(List<String> names, Predicate<String> condition) {
    return names.stream().anyMatch(condition);
  }
}

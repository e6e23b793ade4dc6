package dev.retrain.backbone.format;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Formats that begin or end with fixed bytes. */
final class BinaryFormats {
  private static final String HDF5 = "\u0089HDF\r\n\u001a\n";

  /** The last bytes of TensorFlow's tables: {@code kTableMagicNumber}, little-endian. */
  private static final String TABLE_END = "W\u00fb\u0080\u008b$uG\u00db";

  private static final Pattern SHARD = Pattern.compile(".*\\.data-\\d{5}-of-\\d{5}");

  /** JSON after its length, which has eight bytes. */
  private static final Pattern SAFETENSORS = Pattern.compile("(?s).{5}\0\0\0\\{\\s*\".*");

  private static final Pattern PICKLE = Pattern.compile("(?s)\u0080[\u0002-\u0005].*");

  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry("\u0093NUMPY", "a NumPy array"),
          Map.entry("GGUF", "a GGUF file"),
          Map.entry("BZh", "compressed by bzip2"),
          Map.entry("\u00fd7zXZ\0", "compressed by xz"),
          Map.entry("(\u00b5/\u00fd", "compressed by zstd"),
          Map.entry("7z\u00bc\u00af'\u001c", "a 7z archive"),
          Map.entry("Rar!\u001a\u0007", "a RAR archive"),
          Map.entry("\u00ff\u00d8\u00ff", "an image (JPEG)"),
          Map.entry("\u0089PNG\r\n", "an image (PNG)"),
          Map.entry("Salted__", "encrypted by OpenSSL"),
          Map.entry("age-encryption.org/", "encrypted by age"));

  private BinaryFormats() {}

  static Optional<DetectedFormat> identify(FileSample sample) throws IOException {
    if (isHdf5(sample)) {
      return Optional.of(hdf5(sample));
    }
    if (sample.has(4, "TFL3")) {
      return Optional.of(Remedies.lite("a TensorFlow Lite model (.tflite)"));
    }
    if (sample.tail().endsWith(TABLE_END)) {
      return Optional.of(Remedies.checkpoint("the index of a TensorFlow checkpoint"));
    }
    if (SHARD.matcher(sample.name()).matches()) {
      return Optional.of(Remedies.checkpoint("the data of a TensorFlow checkpoint"));
    }
    if (SAFETENSORS.matcher(sample.head()).matches()) {
      return Optional.of(Remedies.weights("a file of weights in the format safetensors"));
    }
    if (PICKLE.matcher(sample.head()).matches()) {
      return Optional.of(Remedies.torch("a Python pickle, as PyTorch saves models (.pt, .pth)"));
    }
    if (sample.has(12, "brain.Event:")) {
      return Optional.of(
          DetectedFormat.of(
              "a file of TensorBoard events", "Choose the frozen graph of a network"));
    }
    return OTHERS.entrySet().stream()
        .filter(other -> sample.has(0, other.getKey()))
        .findFirst()
        .map(other -> found(other.getValue()));
  }

  private static DetectedFormat found(String kind) {
    if (kind.startsWith("encrypted")) {
      return DetectedFormat.of(kind, "Decrypt it first");
    }
    return kind.startsWith("compressed") || kind.endsWith("archive")
        ? Remedies.unpack(kind)
        : DetectedFormat.of(kind, "Choose the frozen graph of a network");
  }

  /** The signature is at the start, or after a block of the user of 512 or more bytes. */
  private static boolean isHdf5(FileSample sample) {
    for (int offset = 0; offset < sample.head().length(); offset = Math.max(512, 2 * offset)) {
      if (sample.has(offset, HDF5)) {
        return true;
      }
    }
    return false;
  }

  private static DetectedFormat hdf5(FileSample sample) throws IOException {
    return ByteSearch.contains(Files.newInputStream(sample.file()), "model_config")
        ? Remedies.keras("a Keras model (HDF5, .h5)")
        : Remedies.weights("a file of weights in the format HDF5 (.h5)");
  }
}

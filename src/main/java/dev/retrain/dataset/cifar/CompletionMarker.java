package dev.retrain.dataset.cifar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Records that a directory contains all images of an archive: a JSON file, written after the last
 * image.
 *
 * @param archiveSha256 the archive's SHA-256, 64 lower-case hexadecimal digits
 * @param images number of images
 * @param fingerprint SHA-256 over one line per image, sorted: its name relative to the directory, a
 *     tab and its size in bytes
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record CompletionMarker(String archiveSha256, int images, String fingerprint) {
  private static final String FILE = ".cifar-10.json";

  /** Names of temporary files of {@link AtomicFile} that a killed process may leave. */
  static final Pattern PARTS =
      Pattern.compile(Pattern.quote("." + FILE) + "(\\.[0-9a-f-]+)?\\.part");

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param sizes size of each image in bytes, by name
   */
  static CompletionMarker of(String archiveSha256, SortedMap<String, Long> sizes) {
    StringBuilder lines = new StringBuilder();
    sizes.forEach((name, bytes) -> lines.append(name).append('\t').append(bytes).append('\n'));
    return new CompletionMarker(
        archiveSha256,
        sizes.size(),
        Sha256.sha256(lines.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** The marker of a directory; empty if it is missing or corrupt. */
  static Optional<CompletionMarker> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), CompletionMarker.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  void write(Path directory) throws IOException {
    AtomicFile.write(
        directory.resolve(FILE),
        (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}

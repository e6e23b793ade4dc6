package dev.retrain.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retrain.model.json.JsonField;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the metadata of a model from a file whose content is not trusted. Limits bound time and
 * memory: {@value #MAX_BYTES} bytes, {@value #MAX_TOKENS} tokens, {@value #MAX_DEPTH} levels.
 */
final class MetadataReader {
  static final int MAX_BYTES = 64 << 20;
  private static final long MAX_TOKENS = 4_000_000;
  private static final int MAX_DEPTH = 100;

  private static final ObjectMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private MetadataReader() {}

  /**
   * Reads and checks a model's metadata.
   *
   * @param file the metadata file
   * @throws RetrainException if the content isn't the metadata of a model; names the field
   * @throws IOException if the file can't be read
   */
  static ModelMetadata read(Path file) throws IOException {
    JsonNode json = parse(file, bytes(file));
    if (json.isMissingNode()) {
      throw new RetrainException("%s doesn't contain the metadata of a model: it is empty.", file);
    }
    if (!json.isObject()) {
      throw new RetrainException(
          "%s doesn't contain the metadata of a model: it is not a JSON object.", file);
    }
    MetadataCheck.check(new JsonField(file, "", json));
    try {
      return Json.mapper().treeToValue(json, ModelMetadata.class);
    } catch (JsonProcessingException e) {
      throw notMetadata(file, e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new RetrainException(
            "%s doesn't contain the metadata of a model: it is larger than %d MB.",
            file, MAX_BYTES >> 20);
      }
      return bytes;
    }
  }

  private static JsonNode parse(Path file, byte[] bytes) {
    try {
      return STRICT.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw notMetadata(file, e);
    } catch (IOException e) {
      // Nothing is read from disk here, so the encoding is wrong.
      throw new RetrainException(
          e, "%s doesn't contain the metadata of a model: it is not in UTF-8.", file);
    }
  }

  private static RetrainException notMetadata(Path file, JsonProcessingException e) {
    String place = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
    return new RetrainException(
        e,
        "%s doesn't contain the metadata of a model: %s%s. Restore the file or train the model"
            + " again.",
        file,
        JsonField.printable(String.valueOf(e.getOriginalMessage())),
        place);
  }
}

package dev.retrain.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Assumptions;

/** SavedModels that Python's exporters have written. They are kept below target/. */
public final class PythonSavedModels {
  private static final Path SCRIPT = Path.of("src", "test", "python", "saved_models.py");

  private final Path directory;

  private PythonSavedModels(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes those SavedModels that no earlier run with the same script has written.
   *
   * @param names names of the script's models
   */
  public static PythonSavedModels write(String names) throws IOException {
    PythonClient python = PythonClient.require();
    String key = Sha256.sha256(Files.readString(SCRIPT).getBytes(StandardCharsets.UTF_8));
    Path directory = Path.of("target", "saved-models", key.substring(0, 16));
    PythonSavedModels models = new PythonSavedModels(directory);
    List<Object> arguments = new ArrayList<>(List.of(directory));
    for (String name : names.split(" ", -1)) {
      if (!Files.exists(models.description(name))) {
        PathUtils.deleteDirectory(Files.createDirectories(models.path(name)));
        arguments.add(name);
      }
    }
    if (arguments.size() > 1) {
      JsonNode written = python.run("saved_models.py", arguments.toArray());
      for (String name : (Iterable<String>) written::fieldNames) {
        Files.writeString(models.description(name), written.get(name).toString());
      }
    }
    return models;
  }

  /** The directory of a model. */
  public Path path(String name) {
    return directory.resolve(name);
  }

  private Path description(String name) {
    return directory.resolve(name + ".json");
  }

  /** The images and vectors of a model; skips the test if Python lacks a package. */
  public JsonNode model(String name) throws IOException {
    JsonNode model = new ObjectMapper().readTree(description(name).toFile());
    if (model.has("missing")) {
      String message = "Python lacks " + model.get("missing").asText() + " of requirements.txt";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      Assumptions.abort(message);
    }
    return model;
  }

  /** Rows of numbers. */
  public static List<float[]> rows(JsonNode rows) {
    List<float[]> read = new ArrayList<>();
    for (JsonNode row : rows) {
      float[] values = new float[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) row.get(i).asDouble();
      }
      read.add(values);
    }
    return read;
  }
}

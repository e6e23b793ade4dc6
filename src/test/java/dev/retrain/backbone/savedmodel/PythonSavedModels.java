package dev.retrain.backbone.savedmodel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Assumptions;

/** SavedModels that Python's exporters have written. They are kept below target/. */
public final class PythonSavedModels {
  private static final Path SCRIPT = Path.of("src", "test", "python", "saved_models.py");

  private final Path directory;
  private final JsonNode models;

  private PythonSavedModels(Path directory, JsonNode models) {
    this.directory = directory;
    this.models = models;
  }

  /**
   * Writes SavedModels, unless an earlier run with the same script has.
   *
   * @param names names of the script's models
   */
  public static PythonSavedModels write(String names) throws IOException {
    PythonClient python = PythonClient.require();
    String key = Sha256.sha256((Files.readString(SCRIPT) + names).getBytes(StandardCharsets.UTF_8));
    Path directory = Path.of("target", "saved-models", key.substring(0, 16));
    Path complete = directory.resolve("models.json");
    if (!Files.exists(complete)) {
      if (Files.exists(directory)) {
        PathUtils.deleteDirectory(directory);
      }
      List<Object> arguments = new ArrayList<>(List.of(directory));
      arguments.addAll(Arrays.asList(names.split(" ")));
      JsonNode models = python.run("saved_models.py", arguments.toArray());
      Files.writeString(complete, models.toString());
    }
    return new PythonSavedModels(directory, new ObjectMapper().readTree(complete.toFile()));
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  /** The images and vectors of a model; skips the test if Python lacks a package. */
  public JsonNode model(String name) {
    JsonNode model = models.get(name);
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

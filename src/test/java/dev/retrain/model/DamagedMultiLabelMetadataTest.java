package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.testing.SampleModel;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fields of metadata that only a model with several labels per image has. */
class DamagedMultiLabelMetadataTest {
  @TempDir private static Path directory;
  private static ModelFiles files;
  private static ObjectNode original;

  @BeforeAll
  static void write() throws IOException {
    files = new ModelFiles(directory.resolve("many.pb"), directory.resolve("many.txt"));
    TrainedModel one = SampleModel.model(SampleModel.backbone(), "final_result");
    ModelMetadata.Metrics metrics = one.metrics();
    ModelWriter.write(
        files,
        one.toBuilder()
            .head(new Head(one.head().layers(), Objective.MULTI_LABEL))
            .thresholds(one.labels().stream().map(label -> 0.25f).toList())
            .metrics(
                new ModelMetadata.Metrics(
                    metrics.testAccuracy(),
                    metrics.testCount(),
                    metrics.testLoss(),
                    metrics.validationAccuracy(),
                    metrics.bestIteration(),
                    metrics.iterations(),
                    null,
                    "mean_average_precision",
                    0.5,
                    0.625))
            .build());
    original = (ObjectNode) Json.mapper().readTree(files.metadata().toFile());
  }

  private static ModelMetadata read(ObjectNode json) throws IOException {
    Path file = directory.resolve("changed.json");
    Json.mapper().writeValue(file.toFile(), json);
    return ModelBundle.metadata(file);
  }

  @Test
  void metadataIsReadAsWritten() throws IOException {
    ModelMetadata model = read(original);
    assertThat(model.format()).isEqualTo(3);
    assertThat(model.objective()).isEqualTo(Objective.MULTI_LABEL);
    assertThat(model.output().thresholds())
        .hasSameSizeAs(model.labels())
        .allMatch(threshold -> threshold == 0.25f);
    assertThat(model.metrics().testMacroF1()).isEqualTo(0.625);
    assertThat(ModelBundle.read(files.graph()).metadata()).isEqualTo(model);
  }

  /** Metadata of other models has none of the fields, and its earlier format. */
  @Test
  void otherModelsAreUnchanged() throws IOException {
    ModelFiles plain = new ModelFiles(directory.resolve("one.pb"), directory.resolve("one.txt"));
    ModelWriter.write(plain, SampleModel.model(SampleModel.backbone(), "final_result"));
    ObjectNode json = (ObjectNode) Json.mapper().readTree(plain.metadata().toFile());
    assertThat(json.get("format").asInt()).isEqualTo(2);
    assertThat(json.get("output").size()).isEqualTo(1);
    for (String field : List.of("measure", "test_micro_f1", "test_macro_f1")) {
      assertThat(json.get("metrics").has(field)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "/format                # 2                 # 'format' must be format 3 if output.multi_label is true",
        "/format                # 4                 # 'format' must be format 1 to 3",
        "/output/multi_label    # \"yes\"           # 'output.multi_label' must be true or false",
        "/output/multi_label    # null              # 'output.thresholds' must be absent unless",
        "/output/multi_label    # false             # 'output.thresholds' must be absent unless",
        "/output/thresholds     # null              # 'output.thresholds' must be a list",
        "/output/thresholds     # []                # 'output.thresholds' must be a list with at least 1",
        "/output/thresholds     # [0.5]             # 'output.thresholds' must have an element for each",
        "/output/thresholds/0   # 0                 # 'output.thresholds[0]' must be above 0 and at most 1",
        "/output/thresholds/0   # 1.5               # 'output.thresholds[0]' must be above 0 and at most 1",
        "/output/thresholds/0   # -1                # 'output.thresholds[0]' must be above 0 and at most 1",
        "/output/thresholds/0   # \"NaN\"           # 'output.thresholds[0]' must be a finite number",
        "/output/thresholds/0   # 1e-60             # 'output.thresholds[0]' must be above 0 and at most 1",
        "/metrics/measure       # null              # 'metrics.measure' must be text",
        "/metrics/measure       # \"accuracy\"      # 'metrics.measure' must be mean_average_precision",
        "/metrics/test_micro_f1 # null              # 'metrics.test_micro_f1' must be from 0 to 1",
        "/metrics/test_macro_f1 # 2                 # 'metrics.test_macro_f1' must be from 0 to 1",
      })
  void damageIsNamed(String field, String value, String message) throws IOException {
    ObjectNode json = original.deepCopy();
    int slash = field.strip().lastIndexOf('/');
    var parent = json.at(field.strip().substring(0, slash));
    String key = field.strip().substring(slash + 1);
    var damaged = Json.mapper().readTree(value.strip());
    if (parent instanceof ObjectNode object) {
      object.set(key, damaged);
    } else {
      ((ArrayNode) parent).set(Integer.parseInt(key), damaged);
    }
    assertThatThrownBy(() -> read(json))
        .isExactlyInstanceOf(RetrainException.class)
        .hasMessageContaining(message.strip())
        .hasMessageContaining("changed.json");
  }
}

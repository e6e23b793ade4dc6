package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.testing.SampleModel;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelBundleTest {
  @TempDir private Path directory;

  private ModelFiles files() {
    return new ModelFiles(directory.resolve("flowers.pb"), directory.resolve("flowers.txt"));
  }

  private static float[] noise(int length) {
    Random random = new Random(3);
    float[] image = new float[length];
    for (int i = 0; i < length; i++) {
      image[i] = 2 * random.nextFloat() - 1;
    }
    return image;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void backboneInTheModelEqualsTheOriginal(boolean optimized) throws IOException {
    Backbone original =
        SampleModel.backbone().with(new ComputeOptions(optimized, Precision.FLOAT32));
    ModelWriter.write(files(), SampleModel.model(original, "final_result"));

    ModelBundle bundle = ModelBundle.read(files().graph());
    Backbone embedded = bundle.backbone().orElseThrow();

    assertThat(embedded.identity()).isEqualTo(original.identity());
    List<float[]> images = List.of(noise(original.preprocessing().imageLength()));
    try (BackboneSession originalSession = new BackboneSession(original);
        BackboneSession embeddedSession = new BackboneSession(embedded);
        ModelSession model = ModelSession.open(bundle, true)) {
      float[] vectors = originalSession.vectors(images);
      assertThat(embeddedSession.vectors(images)).containsExactly(vectors);
      assertThat(model.classifyVectors(vectors, 1))
          .containsExactly(model.classifyImages(images), within(1e-6f));
    }
  }

  @Test
  void metadataWithoutVectorTensorHasADefault() throws IOException {
    ModelWriter.write(files(), SampleModel.model("final_result"));
    String json = Files.readString(files().metadata());
    assertThat(json).contains("\"vector_tensor\" : \"bottleneck:0\",");
    Files.writeString(
        files().metadata(), json.replace("\"vector_tensor\" : \"bottleneck:0\",", ""));

    assertThat(ModelBundle.read(files().graph()).vectorTensor()).isEqualTo("bottleneck:0");
  }

  @Test
  void unknownComputationIsReported() throws IOException {
    ModelWriter.write(files(), SampleModel.model("final_result"));
    String json = Files.readString(files().metadata());
    Files.writeString(files().metadata(), json.replace("precision=float32", "precision=int4"));

    assertThatThrownBy(() -> ModelBundle.read(files().graph()).backbone())
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("flowers.json")
        .hasMessageContaining("precision=int4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "labels",
        "input",
        "output",
        "data",
        "backbone",
      })
  void missingKeyIsReported(String key) throws IOException {
    assertDamaged(metadata -> metadata.remove(key), "'" + key + "'");
  }

  @Test
  void invalidImageSizeIsDamage() throws IOException {
    assertDamaged(
        metadata -> ((ObjectNode) metadata.get("input")).put("height", 0),
        "'input.height'",
        "4096",
        "0");
  }

  private void assertDamaged(Consumer<ObjectNode> damage, String... contained) throws IOException {
    ModelWriter.write(files(), SampleModel.model("final_result"));
    ObjectNode metadata = (ObjectNode) Json.mapper().readTree(files().metadata().toFile());
    damage.accept(metadata);
    Json.mapper().writeValue(files().metadata().toFile(), metadata);

    assertThatThrownBy(() -> ModelBundle.metadata(files().graph()))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("flowers.json")
        .message()
        .contains(contained);
  }

  @Test
  void cutMetadataIsReportedWithoutInternalPositions() throws IOException {
    ModelWriter.write(files(), SampleModel.model("final_result"));
    String json = Files.readString(files().metadata());
    Files.writeString(files().metadata(), json.substring(0, json.indexOf("\"data\"")));

    assertThatThrownBy(() -> ModelBundle.metadata(files().graph()))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("flowers.json doesn't contain the metadata of a model")
        .hasMessageNotContaining("Source");
  }
}

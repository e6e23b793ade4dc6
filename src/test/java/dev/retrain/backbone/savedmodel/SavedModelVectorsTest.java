package dev.retrain.backbone.savedmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.image.Normalization;
import dev.retrain.testing.PythonSavedModels;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of SavedModels equal those that Python computes with the exported model. */
class SavedModelVectorsTest {
  private static final String MODELS =
      "keras3_export keras3_save keras3_float16 keras3_bfloat16 keras3_vit keras2_export"
          + " keras2_saved_model keras2_save keras2_reloaded module_dictionary module_call"
          + " module_loop module_branch module_compiled module_uint8 module_encoded tf1_ref"
          + " tf1_resource tf1_partitioned tf1_hub training_mode training_dropout hostile_call"
          + " hostile_read hostile_init hostile_restore";

  /** Large networks; {@code -Dretrain.large-networks=true}. */
  private static final String NETWORKS =
      " keras3_mobilenet_v2 keras3_mobilenet_v3 keras3_resnet50 keras3_efficientnet"
          + " keras3_convnext keras2_efficientnet";

  private static PythonSavedModels models;

  @BeforeAll
  static void write() throws IOException {
    models =
        PythonSavedModels.write(
            MODELS + (Boolean.getBoolean("retrain.large-networks") ? NETWORKS : ""));
  }

  private static Backbone load(String name, GraphSignature.Size... size) throws IOException {
    return BackboneLoader.loadSavedModel(
        models.path(name),
        Optional.empty(),
        new GraphSignature(
            Optional.empty(),
            List.of(),
            size.length > 0 ? Optional.of(size[0]) : Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        false,
        ImageSample.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "keras3_export, 1e-5",
    "keras3_save, 1e-5",
    "keras3_float16, 1e-3",
    "keras3_bfloat16, 1e-2",
    "keras3_vit, 1e-5",
    "keras2_export, 1e-5",
    "keras2_saved_model, 1e-5",
    "keras2_save, 1e-5",
    "keras2_reloaded, 1e-5",
    "module_dictionary, 1e-5",
    "module_call, 1e-5",
    "module_loop, 1e-5",
    "module_branch, 1e-5",
    "module_compiled, 1e-5",
    "module_uint8, 1e-5",
    "tf1_ref, 1e-5",
    "tf1_resource, 1e-5",
    "tf1_partitioned, 1e-5",
    "tf1_hub, 1e-5",
    "hostile_init, 1e-5",
    "hostile_restore, 1e-5",
  })
  void vectorsEqualThoseOfPython(String name, double tolerance) throws IOException {
    assertVectors(name, tolerance);
    assertThat(Path.of(models.path(name) + "_owned")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "keras3_mobilenet_v2",
    "keras3_mobilenet_v3",
    "keras3_resnet50",
    "keras3_efficientnet",
    "keras3_convnext",
    "keras2_efficientnet",
  })
  @EnabledIfSystemProperty(named = "retrain.large-networks", matches = "true")
  void vectorsOfLargeNetworksEqualThoseOfPython(String name) throws IOException {
    assertVectors(name, 1e-5);
  }

  private static void assertVectors(String name, double tolerance) throws IOException {
    JsonNode model = models.model(name);
    if (!model.has("vectors")) {
      load(name);
      return;
    }
    for (boolean optimized : List.of(true, false)) {
      Backbone backbone = load(name).with(new ComputeOptions(optimized, Precision.FLOAT32));
      List<float[]> expected = PythonSavedModels.rows(model.get("vectors"));
      List<float[]> images = PythonSavedModels.rows(model.get("images"));
      try (BackboneSession session = new BackboneSession(backbone)) {
        float[] actual = session.vectors(images);
        int length = session.vectorLength();
        assertThat(length).isEqualTo(expected.get(0).length);
        for (int i = 0; i < expected.size(); i++) {
          double largest = 0;
          double difference = 0;
          for (int j = 0; j < length; j++) {
            largest = Math.max(largest, Math.abs(expected.get(i)[j]));
            difference =
                Math.max(difference, Math.abs(expected.get(i)[j] - actual[i * length + j]));
          }
          assertThat(largest).isPositive();
          assertThat(difference / largest).as(name).isLessThan(tolerance);
        }
      }
    }
  }

  /** Files are neither read nor written: the graph is refused before anything of it runs. */
  @ParameterizedTest
  @CsvSource({"hostile_call, MatchingFiles", "hostile_read, ReadFile"})
  void graphsThatAccessFilesAreRefused(String name, String op) {
    assertThatThrownBy(() -> load(name))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("is refused: op '" + op + "'");
    assertThat(Path.of(models.path(name) + "_owned")).doesNotExist();
  }

  @Test
  void encodedImagesAreRefusedWithTheDecodedTensorNamed() throws IOException {
    String decoded = "map/TensorArrayV2Stack/TensorListStack:0";
    assertThatThrownBy(() -> load("module_encoded"))
        .hasMessageContaining("accepts encoded images (strings)")
        .hasMessageContaining("to the tensor of decoded images, " + decoded + ", ");
    Backbone backbone =
        BackboneLoader.loadSavedModel(
            models.path("module_encoded"),
            Optional.empty(),
            new GraphSignature(
                Optional.of(decoded),
                List.of(),
                Optional.of(new GraphSignature.Size(32, 32)),
                Optional.empty(),
                Optional.empty()),
            false,
            ImageSample.NONE);
    try (BackboneSession session = new BackboneSession(backbone)) {
      assertThat(session.vectors(List.of(new float[32 * 32 * 3]))).hasSize(9);
    }
  }

  @Test
  void randomOpsAreRefusedWithTheRemedy() {
    assertThatThrownBy(() -> load("training_dropout"))
        .hasMessageContaining("depend on chance")
        .hasMessageContaining("training=False");
  }

  @Test
  void vectorsThatDependOnOtherImagesAreRefusedWithTheRemedy() throws IOException {
    Backbone backbone = load("training_mode");
    assertThatThrownBy(() -> new BackboneSession(backbone).close())
        .hasMessageContaining("depends on the other images of a batch")
        .hasMessageContaining("training=False");
  }

  @Test
  void sameSavedModelGivesTheSameBytes() throws IOException {
    for (String name : List.of("keras3_save", "module_loop", "tf1_hub")) {
      assertThat(load(name).graph().toByteArray()).isEqualTo(load(name).graph().toByteArray());
      assertThat(load(name).identity()).isEqualTo(load(name).identity());
    }
  }

  @Test
  void hubConventionIsRecognized() throws IOException {
    assertThat(freeze("tf1_hub").hubConvention()).isTrue();
    assertThat(freeze("module_dictionary").hubConvention()).isTrue();
    assertThat(freeze("keras3_export").hubConvention()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf1_hub", "module_dictionary"})
  void hubModulesTakeValuesFrom0To1(String name) throws IOException {
    Backbone backbone = load(name);
    assertThat(backbone.preprocessing().normalization()).isEqualTo(Normalization.of(0, 255));
    assertThat(backbone.inferred())
        .last()
        .isEqualTo("Range of color values 0,1: the convention of TF Hub.");
  }

  private static FrozenSavedModel freeze(String name) throws IOException {
    return SavedModelFreezer.freeze(
        new SavedModelRequest(
            models.path(name), Optional.empty(), Optional.empty(), List.of(), false));
  }
}

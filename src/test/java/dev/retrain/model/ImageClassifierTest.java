package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.testing.SampleModel;
import dev.retrain.training.DenseWeights;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageClassifierTest {
  @TempDir private Path directory;
  private ModelFiles files;
  private TrainedModel model;

  @BeforeEach
  void write() throws IOException {
    files = new ModelFiles(directory.resolve("flowers.pb"), directory.resolve("flowers.txt"));
    model = SampleModel.model("final_result");
    ModelWriter.write(files, model);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void probabilitiesAreTheSoftmaxOfTheHeadsOutput(int jpegScale) throws Exception {
    Backbone backbone = SampleModel.backbone();
    model =
        SampleModel.model(
            backbone.with(backbone.preprocessing().withJpegScale(jpegScale)), "final_result");
    ModelWriter.write(files, model);
    SampleImages.write(directory.resolve("images"), 1, 4, Progress.NONE);
    try (ImageClassifier classifier = ImageClassifier.load(files.graph());
        BackboneSession session = new BackboneSession(model.backbone().orElseThrow());
        ImageDecoder decoder = new ImageDecoder(model.backbone().orElseThrow().preprocessing())) {
      for (String label : SampleImages.labels()) {
        byte[] image =
            Files.readAllBytes(
                directory.resolve("images").resolve(label).resolve(label + "_000.jpg"));
        double[] expected =
            softmax(session.vectors(List.of(decoder.decode(image))), model.head().layers().get(0));
        List<Prediction> predictions = classifier.classify(image);
        assertThat(predictions)
            .isSortedAccordingTo(Comparator.comparing(Prediction::probability).reversed())
            .extracting(Prediction::label)
            .containsExactlyInAnyOrderElementsOf(model.labels());
        for (Prediction prediction : predictions) {
          assertThat((double) prediction.probability())
              .isCloseTo(expected[model.labels().indexOf(prediction.label())], within(1e-4));
        }
      }
    }
  }

  private static double[] softmax(float[] vector, DenseWeights layer) {
    double[] exponents = new double[layer.outputs()];
    double sum = 0;
    for (int c = 0; c < exponents.length; c++) {
      double logit = layer.biases()[c];
      for (int i = 0; i < vector.length; i++) {
        logit += (double) vector[i] * layer.weights()[i * layer.outputs() + c];
      }
      exponents[c] = Math.exp(logit);
      sum += exponents[c];
    }
    for (int c = 0; c < exponents.length; c++) {
      exponents[c] /= sum;
    }
    return exponents;
  }

  @Test
  void metadataIsReadAsWritten() throws IOException {
    ModelMetadata written = ModelWriter.write(files, model);
    try (ImageClassifier classifier = ImageClassifier.load(files.graph())) {
      assertThat(classifier.metadata()).isEqualTo(written);
    }
  }

  @Test
  void modelIsLoadedByItsMetadataFile() throws IOException {
    try (ImageClassifier classifier = ImageClassifier.load(files.metadata())) {
      assertThat(classifier.metadata().labels()).isEqualTo(model.labels());
    }
  }

  @Test
  void textFileIsUnreadable() throws IOException {
    try (ImageClassifier classifier = ImageClassifier.load(files.graph())) {
      assertThatThrownBy(() -> classifier.classify("text".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(UnreadableImageException.class)
          .hasMessageContaining("text");
    }
  }

  @Test
  void changedGraphIsReported() throws IOException {
    byte[] graph = Files.readAllBytes(files.graph());
    graph[graph.length / 2] ^= 1;
    Files.write(files.graph(), graph);
    assertLoadingFails(files.graph(), "flowers.pb", "flowers.json");
  }

  @Test
  void graphOfAnotherModelIsReported() throws IOException {
    ModelFiles other =
        new ModelFiles(directory.resolve("other.pb"), directory.resolve("other.txt"));
    ModelWriter.write(other, SampleModel.model("another_result"));
    Files.delete(files.graph());
    Files.move(other.graph(), files.graph());
    assertLoadingFails(files.graph(), "flowers.pb", "flowers.json");
  }

  @Test
  void missingMetadataIsReported() throws IOException {
    Files.delete(files.metadata());
    assertLoadingFails(files.graph(), files.metadata().toString());
  }

  @Test
  void missingGraphIsReported() throws IOException {
    Files.delete(files.graph());
    assertLoadingFails(files.graph(), files.graph().toString());
    assertLoadingFails(files.metadata(), files.graph().toString());
  }

  @Test
  void invalidMetadataIsReported() throws IOException {
    for (String text : List.of("", "{", "[1]", "{}", "null", "{\"format\": \"one\"}")) {
      Files.writeString(files.metadata(), text);
      assertLoadingFails(files.graph(), files.metadata().toString());
    }
  }

  @Test
  void unknownFormatIsRejected() throws IOException {
    String json = Files.readString(files.metadata());
    assertThat(json).contains("\"format\" : 2");
    Files.writeString(files.metadata(), json.replace("\"format\" : 2", "\"format\" : 4"));
    assertLoadingFails(files.graph(), "flowers.json", "'format'", "1 to 3", "4");
  }

  /** Format 1 says pictures where format 2 says images, and has no training. */
  @Test
  void formatOneIsRead() throws IOException {
    ModelMetadata written = ModelWriter.write(files, model);
    ObjectNode json = (ObjectNode) Json.mapper().readTree(files.metadata().toFile());
    json.put("format", 1);
    json.remove("training");
    ((ObjectNode) json.get("input")).put("kind", "pictures");
    ObjectNode data = (ObjectNode) json.get("data");
    data.set("pictures", data.remove("images"));
    Json.mapper().writeValue(files.metadata().toFile(), json);

    try (ImageClassifier classifier = ImageClassifier.load(files.graph())) {
      ModelMetadata read = classifier.metadata();
      assertThat(read.format()).isEqualTo(1);
      assertThat(read.input()).isEqualTo(written.input());
      assertThat(read.data()).isEqualTo(written.data());
      assertThat(read.data().images()).isEqualTo(18);
      assertThat(read.labels()).isEqualTo(written.labels());
      assertThat(read.training()).isNull();
    }
  }

  @Test
  void inputWithoutKindIsImages() throws IOException {
    String json = Files.readString(files.metadata());
    assertThat(json).contains("\"kind\" : \"images\",");
    Files.writeString(files.metadata(), json.replace("\"kind\" : \"images\",", ""));
    try (ImageClassifier classifier = ImageClassifier.load(files.graph())) {
      assertThat(classifier.metadata().input())
          .isEqualTo(
              new ModelMetadata.ImageInput(
                  "input:0", 96, 96, List.of(127.5f), List.of(127.5f), 1, null, null));
    }
  }

  @Test
  void unknownKeysAreIgnored() throws IOException {
    String json = Files.readString(files.metadata());
    Files.writeString(files.metadata(), json.replaceFirst("\\{", "{\"new_key\": [1],"));
    try (ImageClassifier classifier = ImageClassifier.load(files.graph())) {
      assertThat(classifier.metadata().labels()).isEqualTo(model.labels());
    }
  }

  private static void assertLoadingFails(Path path, String... contained) {
    assertThatThrownBy(() -> ImageClassifier.load(path).close())
        .isInstanceOf(RetrainException.class)
        .message()
        .contains(contained);
  }
}

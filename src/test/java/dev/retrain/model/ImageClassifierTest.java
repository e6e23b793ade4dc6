package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.ImageDecoder;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.testing.SampleModel;
import dev.retrain.training.DenseWeights;
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
  private ModelWriter.Parts parts;

  @BeforeEach
  void write() throws IOException {
    files = new ModelFiles(directory.resolve("flowers.pb"), directory.resolve("flowers.txt"));
    parts = SampleModel.parts("final_result");
    ModelWriter.write(files, parts);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void probabilitiesAreTheSoftmaxOfTheLayerOnTheVector(int jpegScale) throws Exception {
    Backbone backbone = SampleModel.backbone();
    parts =
        SampleModel.parts(
            backbone.with(backbone.preprocessing().withJpegScale(jpegScale)), "final_result");
    ModelWriter.write(files, parts);
    SampleImages.write(directory.resolve("images"), 1, 4, Progress.NONE);
    try (ImageClassifier model = ImageClassifier.load(files.graph());
        BackboneSession session = new BackboneSession(parts.backbone().orElseThrow());
        ImageDecoder decoder = new ImageDecoder(parts.backbone().orElseThrow().preprocessing())) {
      for (String label : SampleImages.labels()) {
        byte[] image =
            Files.readAllBytes(
                directory.resolve("images").resolve(label).resolve(label + "_000.jpg"));
        double[] expected =
            softmax(session.vectors(List.of(decoder.decode(image))), parts.head().layers().get(0));
        List<Prediction> predictions = model.classify(image);
        assertThat(predictions)
            .isSortedAccordingTo(Comparator.comparing(Prediction::probability).reversed())
            .extracting(Prediction::label)
            .containsExactlyInAnyOrderElementsOf(parts.labels());
        for (Prediction prediction : predictions) {
          assertThat((double) prediction.probability())
              .isCloseTo(expected[parts.labels().indexOf(prediction.label())], within(1e-4));
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
  void theDescriptionIsReadAsItWasWritten() throws IOException {
    ModelMetadata written = ModelWriter.write(files, parts);
    try (ImageClassifier model = ImageClassifier.load(files.graph())) {
      assertThat(model.description()).isEqualTo(written);
    }
  }

  @Test
  void theDescriptionFindsItsGraph() throws IOException {
    try (ImageClassifier model = ImageClassifier.load(files.description())) {
      assertThat(model.description().labels()).isEqualTo(parts.labels());
    }
  }

  @Test
  void aFileThatIsNoImageIsUnreadable() throws IOException {
    try (ImageClassifier model = ImageClassifier.load(files.graph())) {
      assertThatThrownBy(() -> model.classify("text".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(UnreadableImageException.class)
          .hasMessageContaining("text");
    }
  }

  @Test
  void aGraphChangedAfterWritingIsAFailure() throws IOException {
    byte[] graph = Files.readAllBytes(files.graph());
    graph[graph.length / 2] ^= 1;
    Files.write(files.graph(), graph);
    assertLoadingFails(files.graph(), "flowers.pb", "flowers.json", "not of one run");
  }

  @Test
  void aGraphOfAnotherRunIsAFailure() throws IOException {
    ModelFiles other =
        new ModelFiles(directory.resolve("other.pb"), directory.resolve("other.txt"));
    ModelWriter.write(other, SampleModel.parts("another_result"));
    Files.delete(files.graph());
    Files.move(other.graph(), files.graph());
    assertLoadingFails(files.graph(), "not of one run");
  }

  @Test
  void aMissingDescriptionIsAFailure() throws IOException {
    Files.delete(files.description());
    assertLoadingFails(files.graph(), files.description().toString(), "is not there");
  }

  @Test
  void aMissingGraphIsAFailure() throws IOException {
    Files.delete(files.graph());
    assertLoadingFails(files.graph(), files.graph().toString(), "is not there");
    assertLoadingFails(files.description(), files.graph().toString(), "is not there");
  }

  @Test
  void aDescriptionThatIsNoneIsAFailure() throws IOException {
    for (String text : List.of("", "{", "[1]", "{}", "null", "{\"format\": \"one\"}")) {
      Files.writeString(files.description(), text);
      assertLoadingFails(files.graph(), files.description().toString());
    }
  }

  @Test
  void aDescriptionOfAnotherFormatIsAFailure() throws IOException {
    String json = Files.readString(files.description());
    assertThat(json).contains("\"format\" : 1");
    Files.writeString(files.description(), json.replace("\"format\" : 1", "\"format\" : 2"));
    assertLoadingFails(files.graph(), "format 2", "format 1");
  }

  @Test
  void anInputOfNoKindIsImages() throws IOException {
    String json = Files.readString(files.description());
    assertThat(json).contains("\"kind\" : \"images\",");
    Files.writeString(files.description(), json.replace("\"kind\" : \"images\",", ""));
    try (ImageClassifier model = ImageClassifier.load(files.graph())) {
      assertThat(model.description().input())
          .isEqualTo(new ModelMetadata.ImageInput("input:0", 96, 96, 127.5f, 127.5f, 1));
    }
  }

  @Test
  void keysOfALaterVersionArePassedOver() throws IOException {
    String json = Files.readString(files.description());
    Files.writeString(files.description(), json.replaceFirst("\\{", "{\"new_key\": [1],"));
    try (ImageClassifier model = ImageClassifier.load(files.graph())) {
      assertThat(model.description().labels()).isEqualTo(parts.labels());
    }
  }

  private static void assertLoadingFails(Path path, String... said) {
    assertThatThrownBy(() -> ImageClassifier.load(path).close())
        .isInstanceOf(RetrainException.class)
        .message()
        .contains(said);
  }
}

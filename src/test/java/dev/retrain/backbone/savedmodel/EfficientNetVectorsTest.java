package dev.retrain.backbone.savedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.backbone.signature.range.ColorOptions;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.PythonSavedModels;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained network with ImageNet's weights, on photographs: EfficientNet-Lite0. */
class EfficientNetVectorsTest {
  private static final int IMAGES = 8;

  @TempDir private Path directory;

  private List<Path> images() throws IOException {
    SharedData.cifar10(directory, 1);
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().limit(IMAGES).toList();
    }
  }

  @Test
  void vectorsEqualThoseOfPython() throws Exception {
    Path archive = SharedData.file("efficientnet_lite0_saved_model.tar.gz");
    PythonClient python = PythonClient.require();
    List<Path> images = images();
    List<Object> arguments = new ArrayList<>(List.of(archive, "224/224/127/128/rgb/stretch"));
    arguments.addAll(images);
    List<float[]> expected =
        PythonSavedModels.rows(python.run("saved_model_vectors.py", arguments.toArray()));
    assertThat(expected).hasSize(IMAGES);
    Backbone backbone =
        BackboneLoader.loadSavedModel(
            archive,
            Optional.empty(),
            new GraphSignature(
                Optional.empty(),
                List.of(),
                FeatureSet.LAST,
                Optional.empty(),
                new ColorOptions(List.of(127f), List.of(128f), Optional.empty(), Optional.empty())),
            false,
            ImageSample.NONE);
    for (boolean optimized : List.of(true, false)) {
      assertVectors(
          backbone.with(new ComputeOptions(optimized, Precision.FLOAT32)), images, expected);
    }
  }

  private static void assertVectors(Backbone backbone, List<Path> images, List<float[]> expected)
      throws Exception {
    try (ImageDecoder decoder = new ImageDecoder(backbone.preprocessing());
        BackboneSession session = new BackboneSession(backbone)) {
      List<float[]> pixels = new ArrayList<>();
      for (Path image : images) {
        pixels.add(decoder.decode(Files.readAllBytes(image)));
      }
      float[] actual = session.vectors(pixels);
      int length = session.vectorLength();
      assertThat(length).isEqualTo(1280).isEqualTo(expected.get(0).length);
      for (int i = 0; i < IMAGES; i++) {
        double largest = 0;
        double difference = 0;
        for (int j = 0; j < length; j++) {
          double value = expected.get(i)[j];
          largest = Math.max(largest, Math.abs(value));
          difference = Math.max(difference, Math.abs(value - actual[i * length + j]));
        }
        assertThat(largest).isPositive();
        assertThat(difference / largest).as("image %d", i).isLessThan(1e-5);
      }
    }
  }
}

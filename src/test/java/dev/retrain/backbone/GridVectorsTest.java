package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares grid features of a published backbone with Python's TensorFlow and NumPy. */
class GridVectorsTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void vectorsEqualNumPyAverages(boolean mirrored, @TempDir Path directory) throws IOException {
    PythonClient python = PythonClient.require();
    Path models = SharedData.mobileNetDirectory(directory);
    BackboneSpec mobileNet = BackboneRegistry.find("mobilenet_v1_0.25_224").orElseThrow();
    Backbone backbone =
        BackboneLoader.load(mobileNet, FeatureSet.GRID, models).withMirrored(mirrored);
    Random random = new Random(5);
    float[] image = new float[backbone.preprocessing().imageLength()];
    ByteBuffer bytes = ByteBuffer.allocate(4 * image.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextFloat() * 2 - 1;
      bytes.putFloat(image[i]);
    }
    Path graph = Files.write(directory.resolve("graph.pb"), backbone.graph().toByteArray());
    Path file = Files.write(directory.resolve("image"), bytes.array());
    List<Object> arguments = new ArrayList<>(List.of(graph, "input:0", 224, 224, file, mirrored));
    arguments.addAll(backbone.bottlenecks());
    JsonNode theirs = python.run("pool_vectors.py", arguments.toArray());
    try (BackboneSession session = new BackboneSession(backbone)) {
      float[] ours = session.vectors(List.of(image));
      assertThat(ours).hasSize(3840);
      assertThat(theirs).hasSize(3840);
      for (int i = 0; i < ours.length; i++) {
        assertThat((double) ours[i]).isCloseTo(theirs.get(i).asDouble(), within(1e-4));
      }
    }
  }
}

package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.testing.PythonClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;

/**
 * Graphs that Python's freezing tools write run without being trusted, and their vectors equal
 * those that Python computes from the same graph.
 */
class PythonGraphsTest {
  private static final String CONTROL_FLOW =
      "cond while_loop while_maximum nested map_fn cond_functions while_loop_functions"
          + " while_maximum_functions nested_functions map_fn_functions";
  private static final String NETWORKS =
      "keras_cnn keras_cnn_functions keras_mobilenet_v2 keras_mobilenet_v3 keras_gru"
          + " keras_gru_functions keras2_cnn keras2_mobilenet_v2 keras2_efficientnet tf1_network"
          + " tf1_network_functions decoder";

  @TempDir private static Path directory;
  private static JsonNode graphs;

  @BeforeAll
  static void freeze() throws IOException {
    List<Object> arguments = new ArrayList<>(List.of(directory));
    arguments.addAll(List.of((CONTROL_FLOW + " " + NETWORKS).split(" ")));
    graphs = PythonClient.require().run("supported_graphs.py", arguments.toArray());
  }

  private static JsonNode graph(String name) {
    JsonNode graph = graphs.get(name);
    if (graph.has("missing")) {
      String message = "Python lacks " + graph.get("missing").asText() + " of requirements.txt";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      Assumptions.abort(message);
    }
    return graph;
  }

  private static float[] floats(JsonNode numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers.get(i).asDouble();
    }
    return values;
  }

  private static List<float[]> rows(JsonNode rows) {
    List<float[]> read = new ArrayList<>();
    rows.forEach(row -> read.add(floats(row)));
    return read;
  }

  private static void assertSameVectors(String name, boolean optimized, double tolerance)
      throws IOException {
    JsonNode graph = graph(name);
    JsonNode size = graph.get("size");
    Backbone backbone =
        BackboneLoader.load(
                directory.resolve(name + ".pb"),
                new GraphSignature(
                    Optional.of(graph.get("input").asText()),
                    List.of(graph.get("output").asText()),
                    Optional.of(new GraphSignature.Size(size.get(0).asInt(), size.get(1).asInt())),
                    Optional.empty(),
                    Optional.empty()))
            .with(new ComputeOptions(optimized, Precision.FLOAT32));
    List<float[]> expected = rows(graph.get("vectors"));
    int length = expected.get(0).length;
    try (BackboneSession session = new BackboneSession(backbone)) {
      for (int i = 0; i < expected.size(); i++) {
        // One at a time: a condition may depend on all images of a batch.
        float[] vector = session.vectors(List.of(rows(graph.get("images")).get(i)));
        assertThat(vector).hasSize(length);
        assertThat(distance(vector, expected.get(i))).isLessThan(tolerance);
      }
    }
  }

  /** The norm of the difference, relative to the expected vector. */
  private static double distance(float[] actual, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    assertThat(norm).isPositive();
    return Math.sqrt(difference / norm);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cond",
        "while_loop",
        "while_maximum",
        "nested",
        "map_fn",
        "cond_functions",
        "while_loop_functions",
        "while_maximum_functions",
        "nested_functions",
        "map_fn_functions",
        "keras_cnn",
        "keras_cnn_functions",
        "keras_mobilenet_v2",
        "keras_mobilenet_v3",
        "keras_gru",
        "keras_gru_functions",
        "keras2_cnn",
        "keras2_mobilenet_v2",
        "keras2_efficientnet",
        "tf1_network",
        "tf1_network_functions",
        "decoder"
      })
  void vectorsEqualThoseOfPython(String name) throws IOException {
    assertSameVectors(name, false, 1e-5);
    // The documented difference of optimized graphs.
    assertSameVectors(name, true, 1e-4);
  }

  /** The whole graph passes, too, as it must where it is part of a model. */
  @ParameterizedTest
  @ValueSource(strings = {"while_loop", "map_fn", "map_fn_functions", "tf1_network", "decoder"})
  void flippedBranchPasses(String name) throws IOException {
    JsonNode graph = graph(name);
    JsonNode size = graph.get("size");
    Backbone backbone =
        BackboneLoader.load(
            directory.resolve(name + ".pb"),
            new GraphSignature(
                Optional.of(graph.get("input").asText()),
                List.of(graph.get("output").asText()),
                Optional.of(new GraphSignature.Size(size.get(0).asInt(), size.get(1).asInt())),
                Optional.empty(),
                Optional.empty()));
    float[] image = rows(graph.get("images")).get(0);
    float[] expected;
    try (BackboneSession session = new BackboneSession(backbone)) {
      float[] own = session.vectors(List.of(image));
      float[] flipped = session.vectors(List.of(flipped(image, size.get(1).asInt())));
      expected = own.clone();
      for (int i = 0; i < own.length; i++) {
        expected[i] = (own[i] + flipped[i]) / 2;
      }
    }
    try (BackboneGraph mirrored = new BackboneGraph(backbone.withMirrored(true));
        BackboneSession session = new BackboneSession(backbone.withMirrored(true))) {
      GraphDef whole = mirrored.graph().toGraphDef();
      GraphGuard.check("mirrored.pb", whole, false);
      assertThat(distance(session.vectors(List.of(image)), expected)).isLessThan(1e-6);
    }
  }

  private static float[] flipped(float[] image, int width) {
    float[] flipped = new float[image.length];
    for (int i = 0; i < image.length; i++) {
      int pixel = i / 3;
      int mirrored = pixel - pixel % width + width - 1 - pixel % width;
      flipped[mirrored * 3 + i % 3] = image[i];
    }
    return flipped;
  }
}

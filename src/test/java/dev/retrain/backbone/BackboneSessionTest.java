package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.SharedData;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

class BackboneSessionTest {
  private static float[] image(Preprocessing p, long seed) {
    Random random = new Random(seed);
    float[] image = new float[p.imageLength()];
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextFloat() * 2 - 1;
    }
    return image;
  }

  private static void assertNear(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isPositive();
    assertThat(actual).containsExactly(expected, within((float) (1e-5 * largest)));
  }

  @Nested
  class MobileNet {
    private static Path modelDir;

    private static Backbone load(FeatureSet features) throws IOException {
      return BackboneLoader.load(
          BackboneRegistry.find("mobilenet_v1_0.25_224").orElseThrow(), features, modelDir);
    }

    @BeforeAll
    static void unpack(@TempDir Path directory) throws IOException {
      String archive = "mobilenet_v1_0.25_224_frozen.tgz";
      Files.copy(SharedData.file(archive), directory.resolve(archive));
      modelDir = directory;
    }

    @Test
    void vectorDoesNotDependOnItsBatch() throws IOException {
      Backbone backbone = load(FeatureSet.LAST);
      List<float[]> images = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        images.add(image(backbone.preprocessing(), i));
      }
      try (BackboneSession session = new BackboneSession(backbone)) {
        assertThat(session.vectorLength()).isEqualTo(256);
        float[] batch = session.vectors(images);
        assertThat(batch).hasSize(7 * 256);
        for (int i = 0; i < 7; i++) {
          assertNear(
              Arrays.copyOfRange(batch, i * 256, (i + 1) * 256),
              session.vectors(List.of(images.get(i))));
        }
      }
    }

    @Test
    void vectorConcatenatesAveragesOfTensors() throws IOException {
      Backbone backbone = load(FeatureSet.MULTI);
      float[] image = image(backbone.preprocessing(), 17);
      try (BackboneSession session = new BackboneSession(backbone)) {
        assertThat(session.vectorLength()).isEqualTo(64 + 128 + 128 + 128 + 256 + 256);
        assertNear(session.vectors(List.of(image)), averages(backbone, image));
      }
    }

    /** Runs the graph as it is in its file, and averages in plain arithmetic. */
    private static float[] averages(Backbone backbone, float[] image) {
      List<Double> joined = new ArrayList<>();
      try (Graph graph = new Graph()) {
        graph.importGraphDef(backbone.graph());
        try (Session session = new Session(graph);
            TFloat32 fed = TFloat32.tensorOf(Shape.of(1, 224, 224, 3), DataBuffers.of(image))) {
          for (String tensor : backbone.bottlenecks()) {
            try (Result result = session.runner().feed("input:0", fed).fetch(tensor).run()) {
              TFloat32 values = (TFloat32) result.get(0);
              int rows = (int) values.shape().get(1);
              int columns = (int) values.shape().get(2);
              for (int channel = 0; channel < values.shape().get(3); channel++) {
                double sum = 0;
                for (int y = 0; y < rows; y++) {
                  for (int x = 0; x < columns; x++) {
                    sum += values.getFloat(0, y, x, channel);
                  }
                }
                joined.add(sum / (rows * columns));
              }
            }
          }
        }
      }
      float[] vector = new float[joined.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = joined.get(i).floatValue();
      }
      return vector;
    }
  }

  private static Backbone backbone(
      GraphDef graph, String input, String bottleneck, int height, int width) {
    return new Backbone(
        "tiny", graph, "00", input, List.of(bottleneck), new Preprocessing(height, width, 0, 1));
  }

  private static void assertFails(Backbone backbone, String... values) {
    assertThatThrownBy(() -> new BackboneSession(backbone).close())
        .isInstanceOf(RetrainException.class)
        .message()
        .contains("tiny")
        .contains(values)
        .doesNotContain("\n");
  }

  @Test
  void vectorIsTheFeatureTensor() {
    float[] image = {1, 2, 3, 5, 6, 7, -9, 10, 11, 3, 4, 5};
    try (BackboneSession session =
        new BackboneSession(backbone(Graphs.meanColour(2, 2), "images:0", "pool:0", 2, 2))) {
      assertThat(session.vectorLength()).isEqualTo(3);
      assertThat(session.vectors(List.of(image, new float[12])))
          .containsExactly(new float[] {9 / 4f, 22 / 4f, 26 / 4f, 0, 0, 0}, within(1e-6f));
    }
  }

  @Test
  void fixedBatchDimensionBecomesVariable() {
    GraphDef graph =
        Graphs.of(
            tf -> {
              var images =
                  tf.withName("images")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, 2, 2, 3)));
              Graphs.pool(tf, "pool", images, 2, 2);
            });
    try (BackboneSession session =
        new BackboneSession(backbone(graph, "images:0", "pool:0", 2, 2))) {
      assertThat(session.vectors(List.of(new float[12], new float[12], new float[12]))).hasSize(9);
    }
  }

  @Test
  void unknownInputIsReported() {
    assertFails(backbone(Graphs.meanColour(8, 8), "pixels:0", "pool:0", 8, 8), "'pixels'");
  }

  @Test
  void unknownFeatureTensorIsReported() {
    assertFails(backbone(Graphs.meanColour(8, 8), "images:0", "pool_3:0", 8, 8), "'pool_3'");
  }

  @Test
  void unknownOutputIsReported() {
    assertFails(backbone(Graphs.meanColour(8, 8), "images:0", "pool:1", 8, 8), "pool:1");
  }

  @Test
  void inputAfterTheFeatureTensorIsReported() {
    assertFails(backbone(Graphs.meanColour(8, 8), "pool:0", "relu:0", 8, 8), "'pool'");
  }

  @Test
  void wrongSizeIsReported() {
    assertFails(backbone(Graphs.meanColour(8, 8), "images:0", "pool:0", 6, 7), "6 x 7", "images:0");
  }

  @Test
  void tooSmallSizeIsReported() {
    GraphDef graph =
        Graphs.of(tf -> Graphs.pool(tf, "pool", Graphs.images(tf, "images", -1, -1), 8, 8));
    assertFails(backbone(graph, "images:0", "pool:0", 6, 7), "6 x 7");
  }

  @Test
  void scalarFeatureTensorIsReported() {
    GraphDef graph =
        Graphs.of(
            tf ->
                tf.withName("mean")
                    .math
                    .mean(Graphs.images(tf, "images", 8, 8), tf.constant(new int[] {0, 1, 2, 3})));
    assertFails(backbone(graph, "images:0", "mean:0", 8, 8), "mean:0");
  }

  @Test
  void integerFeatureTensorIsReported() {
    GraphDef graph = Graphs.of(tf -> tf.withName("shape").shape(Graphs.images(tf, "images", 8, 8)));
    assertFails(backbone(graph, "images:0", "shape:0", 8, 8), "shape:0");
  }

  @Test
  void unusedInputIsReported() {
    GraphDef graph =
        Graphs.of(
            tf -> {
              Graphs.images(tf, "other", 8, 8);
              Graphs.pool(tf, "pool", Graphs.images(tf, "images", 8, 8), 8, 8);
            });
    assertFails(backbone(graph, "other:0", "pool:0", 8, 8), "other");
  }

  @Test
  void graphMayHaveANodeNamedLikeTheVector() {
    GraphDef graph =
        Graphs.of(
            tf -> Graphs.pool(tf, BackboneGraph.VECTOR, Graphs.images(tf, "images", 2, 2), 2, 2));
    try (BackboneSession session =
        new BackboneSession(backbone(graph, "images:0", BackboneGraph.VECTOR + ":0", 2, 2))) {
      assertThat(session.vectorLength()).isEqualTo(3);
    }
  }

  @Test
  void useAfterCloseThrows() {
    Backbone backbone = backbone(Graphs.meanColour(2, 2), "images:0", "pool:0", 2, 2);
    BackboneSession session = new BackboneSession(backbone);
    session.close();
    assertThatThrownBy(() -> session.vectors(List.of(new float[12])))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void secondCloseHasNoEffect() {
    Backbone backbone = backbone(Graphs.meanColour(2, 2), "images:0", "pool:0", 2, 2);
    BackboneSession session = new BackboneSession(backbone);
    session.close();
    session.close();
    assertThatThrownBy(() -> session.vectors(List.of(new float[12])))
        .isInstanceOf(IllegalStateException.class);
  }
}

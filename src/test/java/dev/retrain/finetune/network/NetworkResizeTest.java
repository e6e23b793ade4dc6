package dev.retrain.finetune.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.finetune.TestNetworks;
import dev.retrain.finetune.TestNetworks.Weights;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class NetworkResizeTest {
  @TempDir private Path directory;

  /** Vectors equal Python's averages of the last feature maps at the other sizes. */
  private void assertVectors(Backbone backbone, String featureMap, int... sizes)
      throws IOException {
    Path graph = directory.resolve("graph.pb");
    Files.write(graph, backbone.graph().toByteArray());
    List<Object> arguments = new ArrayList<>(List.of(graph, backbone.input(), featureMap));
    for (int size : sizes) {
      float[] images = TestNetworks.images(2, size, size);
      ByteBuffer bytes = ByteBuffer.allocate(4 * images.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(images);
      Path file = directory.resolve(size + ".images");
      Files.write(file, bytes.array());
      arguments.add(size + ":" + file);
    }
    JsonNode expected = PythonClient.require().run("resized_features.py", arguments.toArray());
    for (int i = 0; i < sizes.length; i++) {
      Backbone resized = NetworkResize.resize(backbone, sizes[i], sizes[i]);
      assertThat(resized.preprocessing().height()).isEqualTo(sizes[i]);
      float[] images = TestNetworks.images(2, sizes[i], sizes[i]);
      int length = images.length / 2;
      try (BackboneSession session = new BackboneSession(resized)) {
        float[] vectors =
            session.vectors(
                List.of(
                    java.util.Arrays.copyOf(images, length),
                    java.util.Arrays.copyOfRange(images, length, 2 * length)));
        float[] python = new float[vectors.length];
        for (int j = 0; j < python.length; j++) {
          int vector = python.length / 2;
          python[j] = (float) expected.get(i).get(j / vector).get(j % vector).asDouble();
        }
        assertThat(TestNetworks.distance(vectors, python)).isLessThan(1e-5);
      }
    }
  }

  @Test
  void mobileNet() throws IOException {
    assertVectors(
        TestNetworks.mobileNet(directory.resolve("models")),
        "MobilenetV1/MobilenetV1/Conv2d_13_pointwise/Relu6",
        96,
        128,
        160);
  }

  @Test
  void inception() throws IOException {
    assertVectors(TestNetworks.inception(), "mixed_10/join", 128);
  }

  @Test
  void ownSizeIsUnchanged() {
    Backbone backbone = TestNetworks.inception();
    assertThat(NetworkResize.resize(backbone, 299, 299)).isSameAs(backbone);
  }

  /** A pooling over all positions stays one: of averages, or of the largest. */
  @ParameterizedTest
  @MethodSource
  void poolings(boolean maximum, String op) {
    Backbone backbone =
        TestNetworks.backbone(
            tf -> {
              Operand<TFloat32> x =
                  new Weights(tf, new Random(1))
                      .conv(Graphs.images(tf, "images", 32, 32), 3, 9, 4, "SAME");
              if (maximum) {
                tf.withName("pool")
                    .nn
                    .maxPool(
                        x,
                        tf.constant(new int[] {1, 8, 8, 1}),
                        tf.constant(new int[] {1, 2, 2, 1}),
                        "VALID");
              } else {
                Graphs.pool(tf, "pool", x, 8, 8);
              }
            },
            "pool:0");
    try (BackboneGraph graph = new BackboneGraph(NetworkResize.resize(backbone, 20, 16))) {
      assertThat(graph.graph().operation("pool").type()).isEqualTo(op);
      assertThat(graph.graph().operation("pool").output(0).shape().asArray())
          .containsExactly(-1, 1, 1, 9);
    }
  }

  /** Such as the pooled output of a network whose vectors are made of earlier layers. */
  @Test
  void poolingThatNoFeatureDependsOnIsIgnored() {
    Backbone backbone =
        TestNetworks.backbone(
            tf -> {
              Operand<TFloat32> x =
                  new Weights(tf, new Random(1))
                      .conv(Graphs.images(tf, "images", 32, 32), 3, 9, 4, "SAME");
              Graphs.pool(tf, "pool", tf.withName("features").identity(x), 8, 8);
            },
            "features:0@2x2");
    assertThat(NetworkResize.resize(backbone, 16, 16).preprocessing().height()).isEqualTo(16);
  }

  static Stream<Arguments> poolings() {
    return Stream.of(Arguments.of(false, "Mean"), Arguments.of(true, "Max"));
  }

  @ParameterizedTest
  @MethodSource
  void networksOfOneSizeAreRefused(String message, Consumer<Ops> network) {
    Backbone backbone = TestNetworks.backbone(network, "vector:0");
    assertThatThrownBy(() -> NetworkResize.resize(backbone, 16, 16))
        .isInstanceOf(RetrainException.class)
        .hasMessage(
            "Network test can't be changed to images of 16 x 16 pixels (its own size is 32 x 32): "
                + message
                + ". Omit the training size.")
        .satisfies(
            e -> assertThat(((RetrainException) e).settings()).containsExactly(Setting.TRAIN_SIZE));
  }

  static Stream<Arguments> networksOfOneSizeAreRefused() {
    return Stream.of(
        refused(
            "node 'flat' (Reshape) works only at the original size",
            (tf, x) ->
                tf.linalg.matMul(
                    tf.withName("flat").reshape(x, tf.constant(new int[] {-1, 512})),
                    new Weights(tf, new Random(1)).of(1, 512, 9))),
        refused(
            "node 'tokens' (Reshape) works only at the original size",
            (tf, x) ->
                tf.withName("positions")
                    .math
                    .add(
                        tf.withName("tokens").reshape(x, tf.constant(new int[] {-1, 64, 8})),
                        new Weights(tf, new Random(1)).of(1, 1, 64, 8))),
        refused(
            "node 'part' (AvgPool) works only at the original size",
            (tf, x) -> Graphs.pool(tf, "part", x, 7, 7)),
        Arguments.of(
            "node 'resize' resizes images to 24 x 24",
            (Consumer<Ops>)
                tf ->
                    tf.withName("vector")
                        .identity(
                            new Weights(tf, new Random(1))
                                .conv(
                                    tf.withName("resize")
                                        .image
                                        .resizeBilinear(
                                            Graphs.images(tf, "images", 32, 32),
                                            tf.constant(new int[] {24, 24})),
                                    3,
                                    8,
                                    4,
                                    "SAME"))));
  }

  private interface Layers {
    Operand<TFloat32> add(Ops tf, Operand<TFloat32> x);
  }

  private static Arguments refused(String message, Layers layers) {
    return Arguments.of(
        message,
        (Consumer<Ops>)
            tf ->
                tf.withName("vector")
                    .identity(
                        layers.add(
                            tf,
                            new Weights(tf, new Random(1))
                                .conv(Graphs.images(tf, "images", 32, 32), 3, 8, 4, "SAME"))));
  }
}

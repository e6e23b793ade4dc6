package dev.retrain.finetune.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.finetune.TestNetworks;
import dev.retrain.finetune.network.GradientReady;
import dev.retrain.testing.Graphs;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.GraphDef;

class NetworkBlocksTest {
  private static NetworkBlocks residual;

  @BeforeAll
  static void find() {
    residual = blocks(TestNetworks.backbone(TestNetworks::residual, "vector:0"));
  }

  private static NetworkBlocks blocks(Backbone backbone) {
    try (BackboneGraph graph = new BackboneGraph(backbone)) {
      GraphDef ready = GradientReady.apply(graph.graph().toGraphDef(), backbone.input());
      return NetworkBlocks.find(ready, backbone.input(), backbone.bottlenecks());
    }
  }

  @Test
  void mobileNet(@TempDir Path directory) throws IOException {
    Backbone backbone = TestNetworks.mobileNet(directory);
    NetworkBlocks blocks = blocks(backbone);
    String scope = "MobilenetV1/MobilenetV1/Conv2d_";
    assertThat(blocks.count()).isEqualTo(14);
    assertThat(blocks.ends().get(0)).isEqualTo(scope + "0/Relu6");
    assertThat(blocks.ends().subList(1, 13))
        .allMatch(end -> end.matches(scope + "\\d+_pointwise/Relu6"));
    assertThat(blocks.trained(FineTuneLayers.DEFAULT)).isEqualTo(10);
    // The first convolution and three blocks are not trained.
    assertThat(blocks.fixed(FineTuneLayers.DEFAULT))
        .contains(scope + "3_pointwise/Relu6")
        .doesNotContain(scope + "4_depthwise/depthwise");
    assertThat(blocks.fixed(new FineTuneLayers.From(scope + "3_pointwise/Relu6:0")))
        .isEqualTo(blocks.fixed(new FineTuneLayers.LastBlocks(10)));
    // A vector of several layers has the same blocks up to its last layer.
    Backbone multi =
        TestNetworks.backbone(
            backbone.graph(),
            "input:0",
            224,
            scope + "5_pointwise/Relu6:0",
            scope + "13_pointwise/Relu6:0@2x2");
    assertThat(blocks(multi).count()).isEqualTo(14);
  }

  /** Five convolutions and eleven branched blocks. */
  @Test
  void inception() {
    NetworkBlocks blocks = blocks(TestNetworks.inception());
    assertThat(blocks.count()).isEqualTo(16);
    assertThat(blocks.ends().stream().filter(end -> end.startsWith("mixed")).toList())
        .isEqualTo(
            java.util.stream.IntStream.range(0, 10)
                .mapToObj(i -> i == 0 ? "mixed/join" : "mixed_" + i + "/join")
                .collect(Collectors.toList()));
  }

  @Test
  void residualNetwork() {
    assertThat(residual.ends()).hasSize(5).contains("first");
    assertThat(residual.ends().get(4)).isEqualTo("vector");
  }

  @ParameterizedTest
  @CsvSource({"all, 5", "default, 3", "1, 1", "5, 5"})
  void trainedBlocks(String text, int blocks) {
    assertTrained(FineTuneLayers.parse(text), text, blocks);
  }

  @ParameterizedTest
  @CsvSource({"first", "first:0"})
  void blocksAfterATensorAreTrained(String tensor) {
    assertTrained(new FineTuneLayers.From(tensor), tensor, 3);
  }

  private static void assertTrained(FineTuneLayers layers, String text, int blocks) {
    assertThat(residual.trained(layers)).isEqualTo(blocks);
    assertThat(layers).hasToString(text);
    assertThat(residual.fixed(layers).isEmpty()).isEqualTo(blocks == 5);
  }

  @Test
  void moreBlocksThanThereAreAreRefused() {
    assertThatThrownBy(() -> residual.fixed(FineTuneLayers.parse("6")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(
            "The fine-tuned layers must be at most 5, the number of blocks of the network, but is 6");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 'must be all or a number of blocks of at least 1, but is 0'",
    "-3, 'must be all or a number of blocks of at least 1, but is -3'",
    "99999999999, 'must be all or a number of blocks, but is ''99999999999'''",
    "' ', 'must be all or a number of blocks, but is '' '''",
    "al, 'must be all or a number of blocks, but is ''al'''",
  })
  void badNumbersAreRefused(String text, String message) {
    assertThatThrownBy(() -> FineTuneLayers.parse(text))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("The fine-tuned layers " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "missing, The network has no tensor 'missing' between its images and its features.",
    "first:1, The network has no tensor 'first:1' between its images and its features.",
    "first:x, The network has no tensor 'first:x' between its images and its features.",
    "vector, No layer with a kernel follows tensor 'vector'.",
  })
  void tensorsThatDontSeparateLayersAreRefused(String tensor, String message) {
    assertThatThrownBy(() -> residual.fixed(new FineTuneLayers.From(tensor)))
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith(message + " Set the tensor before the trained layers to");
  }

  @Test
  void suggestedTensorOfANetworkWithOneBlockCanBeUsed() {
    NetworkBlocks single =
        blocks(
            TestNetworks.backbone(
                tf ->
                    tf.withName("vector")
                        .math
                        .mean(
                            new TestNetworks.Weights(tf, new Random(1))
                                .conv(Graphs.images(tf, "images", 32, 32), 3, 8, 4, "SAME"),
                            tf.constant(new int[] {1, 2})),
                "vector:0"));
    assertThat(single.count()).isEqualTo(1);
    assertThatThrownBy(() -> single.fixed(new FineTuneLayers.From("vector:0")))
        .hasMessageEndingWith("such as 'images:0'.");
    assertThat(single.trained(new FineTuneLayers.From("images:0"))).isEqualTo(1);
  }

  /** By hand: 3 blocks of the residual network, and what their gradients need. */
  @Test
  void estimate() {
    FineTuneNetwork network =
        FineTuneNetwork.prepare(
            TestNetworks.backbone(TestNetworks::residual, "vector:0"),
            new FineTuneLayers.LastBlocks(1));
    FineTuneEstimate estimate = FineTuneEstimate.of(network, 10);
    assertThat(estimate.blocks()).isEqualTo(5);
    assertThat(estimate.trainedBlocks()).isEqualTo(1);
    assertThat(estimate.parameters()).isEqualTo(6 * 10 + 10);
    assertThat(estimate.parameterBytes()).isEqualTo(16 * 70);
    // The 6 averages, 10 products, and two gradients of 10 for each image.
    assertThat(estimate.activationBytes()).isEqualTo(4 * 10 * (6 + 10 + 2 * 10));
  }
}

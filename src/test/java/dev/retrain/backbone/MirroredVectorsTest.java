package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** With flip averaging, a vector is the average for the image and the flipped image. */
class MirroredVectorsTest {
  @TempDir private static Path directory;

  private static Backbone mobileNet;

  @BeforeAll
  static void load() throws IOException {
    mobileNet =
        BackboneLoader.load(
            BackboneRegistry.find("mobilenet_v1_0.25_224").orElseThrow(),
            FeatureSet.GRID,
            SharedData.mobileNetDirectory(directory));
  }

  private static float[] image(Backbone backbone, long seed) {
    Random random = new Random(seed);
    float[] image = new float[backbone.preprocessing().imageLength()];
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextFloat() * 2 - 1;
    }
    return image;
  }

  private static float[] flipped(Backbone backbone, float[] image) {
    Preprocessing p = backbone.preprocessing();
    float[] flipped = new float[image.length];
    for (int y = 0; y < p.height(); y++) {
      for (int x = 0; x < p.width(); x++) {
        System.arraycopy(
            image, (y * p.width() + x) * 3, flipped, (y * p.width() + p.width() - 1 - x) * 3, 3);
      }
    }
    return flipped;
  }

  private static float[] vectors(Backbone backbone, List<float[]> images) {
    try (BackboneSession session = new BackboneSession(backbone)) {
      return session.vectors(images);
    }
  }

  private static void assertAverages(Backbone backbone, Backbone mirrored) {
    float[] one = image(backbone, 1);
    float[] two = image(backbone, 2);
    float[] own = vectors(backbone, List.of(one, two));
    float[] other = vectors(backbone, List.of(flipped(backbone, one), flipped(backbone, two)));
    float[] expected = new float[own.length];
    double apart = 0;
    for (int i = 0; i < own.length; i++) {
      expected[i] = (own[i] + other[i]) / 2;
      apart = Math.max(apart, Math.abs(own[i] - other[i]));
    }
    assertThat(apart).isGreaterThan(0.01);
    assertThat(vectors(mirrored, List.of(one, two))).containsExactly(expected, within(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void vectorIsTheAverageOfBoth(boolean optimized) {
    Backbone backbone = mobileNet.with(new ComputeOptions(optimized, Precision.FLOAT32));
    assertAverages(backbone, backbone.withMirrored(true));
  }

  @Test
  void inputMayBeAFeatureTensor() {
    Backbone backbone =
        new Backbone(
            "tiny",
            Graphs.meanColour(4, 6),
            "00",
            "relu:0",
            List.of("relu:0@1x2", "pool:0"),
            new Preprocessing(4, 6, 0, 1));
    assertAverages(backbone, backbone.withMirrored(true));
  }

  @Test
  void graphWithMirroredBranchIsABackbone() {
    Backbone mirrored = mobileNet.withMirrored(true);
    try (BackboneGraph graph = new BackboneGraph(mirrored)) {
      Backbone again =
          new Backbone(
                  "again",
                  graph.graph().toGraphDef(),
                  "00",
                  mirrored.input(),
                  mirrored.bottlenecks(),
                  mirrored.preprocessing())
              .withMirrored(true);
      List<float[]> images = List.of(image(again, 3));
      assertThat(vectors(again, images)).containsExactly(vectors(mirrored, images));
    }
  }

  @Test
  void branchesShareWeights() {
    try (BackboneGraph one = new BackboneGraph(mobileNet);
        BackboneGraph both = new BackboneGraph(mobileNet.withMirrored(true))) {
      GraphDef definition = both.graph().toGraphDef();
      assertThat(definition.getSerializedSize())
          .isLessThan(one.graph().toGraphDef().getSerializedSize() * 11 / 10);
      assertThat(definition.getNodeList())
          .filteredOn(node -> node.getOp().equals("Conv2D"))
          .extracting(NodeDef::getName)
          .anyMatch(name -> name.startsWith("mirrored/"))
          .anyMatch(name -> !name.startsWith("mirrored/"));
    }
  }

  @Test
  void identityDiffers() {
    String plain = mobileNet.identity().text();
    assertThat(plain).endsWith("precision=float32");
    assertThat(mobileNet.withMirrored(true).identity().text()).isEqualTo(plain + " mirrored");
    assertThat(mobileNet.identity().withMirrored(true))
        .isEqualTo(mobileNet.withMirrored(true).identity());
    assertThat(mobileNet.withMirrored(true).with(ComputeOptions.DEFAULT).mirrored()).isTrue();
    assertThat(mobileNet.withMirrored(true).with(mobileNet.preprocessing()).mirrored()).isTrue();
  }
}

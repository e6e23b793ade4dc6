package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.InceptionReplica;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Optimized graphs of real backbones compute the same vectors with fewer ops. */
class OptimizedNetworksTest {
  private static final ComputeOptions UNOPTIMIZED = new ComputeOptions(false, Precision.FLOAT32);
  private static final GraphDef REPLICA = InceptionReplica.build(1);

  private static Backbone mobileNet(Path directory, FeatureSet features) throws IOException {
    return BackboneLoader.load(
        BackboneRegistry.find("mobilenet_v1_0.25_224").orElseThrow(),
        features,
        SharedData.mobileNetDirectory(directory));
  }

  private static Backbone inception(String bottleneck) {
    return new Backbone(
        "replica",
        REPLICA,
        "00",
        "Mul:0",
        List.of(bottleneck),
        new Preprocessing(299, 299, 128, 128));
  }

  private static Set<String> ops(Backbone backbone) {
    try (BackboneGraph graph = new BackboneGraph(backbone)) {
      return graph.graph().toGraphDef().getNodeList().stream()
          .map(NodeDef::getOp)
          .collect(Collectors.toSet());
    }
  }

  private static float[] vectors(Backbone backbone, int images) {
    Random random = new Random(7);
    List<float[]> batch = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      float[] image = new float[backbone.preprocessing().imageLength()];
      for (int j = 0; j < image.length; j++) {
        image[j] = random.nextFloat() * 2 - 1;
      }
      batch.add(image);
    }
    try (BackboneSession session = new BackboneSession(backbone)) {
      return session.vectors(batch);
    }
  }

  private static void assertSameVectors(Backbone backbone) {
    float[] expected = vectors(backbone.with(UNOPTIMIZED), 2);
    float[] actual = vectors(backbone, 2);
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    assertThat(length).isPositive();
    assertThat(Math.sqrt(difference / length)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @EnumSource(FeatureSet.class)
  void mobileNetHasOnlyConvolutionsWithBiases(FeatureSet features, @TempDir Path directory)
      throws IOException {
    Backbone backbone = mobileNet(directory, features);
    assertThat(ops(backbone.with(UNOPTIMIZED))).contains("Mul", "Add", "Rsqrt");
    assertThat(ops(backbone)).contains("BiasAdd").doesNotContain("Mul", "Add", "Rsqrt", "Sub");
    assertSameVectors(backbone);
  }

  @Test
  void tensorWithinANormalizationCanBeAFeature(@TempDir Path directory) throws IOException {
    Backbone backbone = mobileNet(directory, FeatureSet.LAST);
    String layer = "MobilenetV1/MobilenetV1/Conv2d_2_depthwise/";
    assertSameVectors(
        BackboneLoader.withBottlenecks(
            backbone,
            List.of(
                layer + "depthwise",
                layer + "BatchNorm/batchnorm/mul_1:0",
                layer + "BatchNorm/batchnorm/add_1")));
  }

  @Test
  void inceptionOf2015HasNoNormalizationsAndChecks() {
    Backbone backbone = inception("pool_3:0");
    assertThat(ops(backbone.with(UNOPTIMIZED)))
        .contains("BatchNormWithGlobalNormalization", "CheckNumerics");
    assertThat(ops(backbone))
        .contains("BiasAdd")
        .doesNotContain("BatchNormWithGlobalNormalization", "CheckNumerics", "Rsqrt");
    assertSameVectors(backbone);
  }

  @Test
  void fixedBatchDimensionOfInceptionBecomesVariable() {
    Backbone small = inception("pool_3/_reshape:0").with(UNOPTIMIZED);
    assertThat(vectors(small, 2)).isEqualTo(vectors(inception("pool_3:0").with(UNOPTIMIZED), 2));
  }

  @Test
  void scatteringIsUnchanged(@TempDir Path directory) throws IOException {
    Backbone scattering =
        BackboneLoader.load(
            BackboneRegistry.find(BackboneRegistry.SCATTERING).orElseThrow(),
            FeatureSet.MULTI,
            directory);
    try (BackboneGraph optimized = new BackboneGraph(scattering);
        BackboneGraph plain = new BackboneGraph(scattering.with(UNOPTIMIZED))) {
      assertThat(optimized.graph().toGraphDef()).isEqualTo(plain.graph().toGraphDef());
    }
  }

  @Test
  void identityDependsOnComputeOptions() {
    Backbone backbone =
        new Backbone(
            "tiny",
            Graphs.meanColour(2, 2),
            "00",
            "images:0",
            List.of("pool:0"),
            new Preprocessing(2, 2, 0, 1));
    assertThat(backbone.with(UNOPTIMIZED).identity()).isNotEqualTo(backbone.identity());
    assertThat(backbone.with(new ComputeOptions(true, Precision.BFLOAT16)).identity())
        .isNotEqualTo(backbone.identity());
    assertThat(backbone.with(new ComputeOptions(true, Precision.FLOAT32)).identity())
        .isEqualTo(backbone.identity());
  }
}

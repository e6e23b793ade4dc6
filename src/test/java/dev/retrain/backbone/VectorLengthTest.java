package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.testing.InceptionReplica;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.proto.GraphDef;

/** The vector lengths of the registry equal the lengths that backbones compute. */
class VectorLengthTest {
  private static BackboneSpec known(String name) {
    return BackboneRegistry.find(name).orElseThrow();
  }

  private static int computedLength(Backbone backbone) {
    try (BackboneSession session = new BackboneSession(backbone)) {
      return session.vectorLength();
    }
  }

  @ParameterizedTest
  @EnumSource
  void scatteringLengthIsCorrect(FeatureSet features, @TempDir Path directory) throws IOException {
    BackboneSpec scattering = known("scattering");
    assertThat(scattering.layers(features).vectorLength())
        .isEqualTo(computedLength(BackboneLoader.load(scattering, features, directory)));
  }

  @ParameterizedTest
  @EnumSource
  void mobileNetLengthIsCorrect(FeatureSet features, @TempDir Path directory) throws IOException {
    BackboneSpec mobileNet = known("mobilenet_v1_0.25_224");
    Path models = SharedData.mobileNetDirectory(directory);
    assertThat(mobileNet.layers(features).vectorLength())
        .isEqualTo(computedLength(BackboneLoader.load(mobileNet, features, models)));
  }

  @Test
  void inceptionLengthIsCorrect() {
    BackboneSpec inception = known("inception_v3");
    GraphDef replica = InceptionReplica.build(1);
    for (FeatureSet features : FeatureSet.values()) {
      Backbone backbone =
          new Backbone(
              inception.name(),
              replica,
              "",
              inception.input(),
              inception.layers(features).tensors(),
              inception.preprocessing());
      assertThat(inception.layers(features).vectorLength()).isEqualTo(computedLength(backbone));
    }
  }

  /** Backbones whose graphs are not available have the layers of an available one. */
  @ParameterizedTest
  @CsvSource({
    "inception_v3, inception_v3_2016, 1",
    "mobilenet_v1_0.25_224, mobilenet_v1_0.25_128, 1",
    "mobilenet_v1_0.25_224, mobilenet_v1_0.50_160, 2",
    "mobilenet_v1_0.25_224, mobilenet_v1_0.75_192, 3",
    "mobilenet_v1_0.25_224, mobilenet_v1_1.0_224, 4",
  })
  void lengthsOfUnavailableBackbonesAreConsistent(String tried, String kin, int timesAsWide) {
    for (FeatureSet features : FeatureSet.values()) {
      assertThat(known(kin).layers(features).vectorLength())
          .isEqualTo(timesAsWide * known(tried).layers(features).vectorLength());
    }
  }
}

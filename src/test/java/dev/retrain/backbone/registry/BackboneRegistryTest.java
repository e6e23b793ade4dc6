package dev.retrain.backbone.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackboneRegistryTest {
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1_0.25_224, mobilenet_v1_0.25_224",
    "mobilenet_0.25_224, mobilenet_v1_0.25_224",
    "MobileNet-v1-0.25-224, mobilenet_v1_0.25_224",
    "mobilenet_1.0_128, mobilenet_v1_1.0_128",
    "inception_v3, inception_v3",
    "inception-v3, inception_v3",
    "Inception_V3, inception_v3",
    "inception-2015-12-05, inception_v3",
    "inception_v3_2016_08_28, inception_v3_2016",
    "SCATTERING, scattering",
  })
  void backboneIsFoundByNameOrAlias(String typed, String name) {
    assertThat(BackboneRegistry.find(typed)).map(BackboneSpec::name).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mobilenet", "mobilenet_v1_0.25", "resnet50", "inception_v3 "})
  void otherNamesAreUnknown(String typed) {
    assertThat(BackboneRegistry.find(typed)).isEmpty();
  }

  @Test
  void namesAreUnique() {
    List<String> names = new ArrayList<>();
    for (BackboneSpec known : BackboneRegistry.list()) {
      names.add(known.name());
      names.addAll(known.aliases());
    }
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(19);
  }

  @ParameterizedTest
  @CsvSource({
    "inception_v3, LAST, inception_v3, 2048",
    "inception_v3, MULTI, inception_v3_multi, 4384",
    "mobilenet_v1_0.25_224, LAST, mobilenet_0.25_224_pooled, 256",
    "mobilenet_v1_1.0_128, MULTI, mobilenet_1.0_128_multi, 3840",
    "mobilenet_v1_0.50_192, GRID, mobilenet_0.50_192_grid, 7680",
    "inception_v3_2016, GRID, inception_v3_2016_grid, 17536",
    "scattering, LAST, scattering, 723",
  })
  void architectureAndVectorLengthAreKnown(
      String name, FeatureSet features, String architecture, int length) {
    BackboneSpec known = BackboneRegistry.find(name).orElseThrow();
    assertThat(known.architecture(features)).isEqualTo(architecture);
    assertThat(known.layers(features).vectorLength()).isEqualTo(length);
  }
}

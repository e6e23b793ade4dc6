package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.Bfloat16;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.InceptionReplica;
import dev.retrain.testing.SharedData;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionSelectorTest {
  @TempDir private Path directory;

  /** Where the machine has no bfloat16, it can't be chosen. */
  private static Precision bfloat16() {
    return Bfloat16.obstacle().isEmpty() ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  private static Backbone startOfInception() {
    return new Backbone(
        "replica",
        InceptionReplica.build(1),
        "00",
        "Mul:0",
        List.of("pool:0"),
        new Preprocessing(299, 299, 128, 128));
  }

  @Test
  void similarVectorsSelectBfloat16() throws IOException {
    Path images = directory.resolve("images");
    SampleImages.write(images, 3, 1, Progress.NONE);
    try (var classes = Files.list(images)) {
      for (Path folder : classes.toList()) {
        // Not for this choice to complain of.
        Files.writeString(folder.resolve("a.jpg"), "text", StandardCharsets.UTF_8);
      }
    }
    Backbone chosen = PrecisionSelector.choose(startOfInception(), ImageList.of(images));
    assertThat(chosen.computation()).isEqualTo(new ComputeOptions(true, bfloat16()));
    Backbone plain = startOfInception().with(new ComputeOptions(false, Precision.FLOAT32));
    assertThat(PrecisionSelector.choose(plain, ImageList.of(images)).computation())
        .isEqualTo(new ComputeOptions(false, bfloat16()));
  }

  @Test
  void differentVectorsSelectFloat32() throws IOException {
    Assumptions.assumeTrue(Bfloat16.obstacle().isEmpty());
    Path images = directory.resolve("images");
    SharedData.cifar10(images, 4);
    Backbone mobileNet =
        BackboneLoader.load(
            BackboneRegistry.find("mobilenet_v1_0.25_224").orElseThrow(),
            FeatureSet.LAST,
            SharedData.mobileNetDirectory(directory.resolve("models")));
    assertThat(PrecisionSelector.choose(mobileNet, ImageList.of(images))).isEqualTo(mobileNet);
  }

  @Test
  void unreadableImagesKeepThePrecision() throws IOException {
    for (String label : List.of("a", "b")) {
      for (int i = 0; i < 3; i++) {
        Path file = directory.resolve("broken").resolve(label).resolve(i + ".jpg");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "text", StandardCharsets.UTF_8);
      }
    }
    Backbone backbone = startOfInception();
    assertThat(PrecisionSelector.choose(backbone, ImageList.of(directory.resolve("broken"))))
        .isEqualTo(backbone);
  }
}

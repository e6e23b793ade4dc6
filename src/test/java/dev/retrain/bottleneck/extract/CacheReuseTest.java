package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Scattering;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;

/** Which vectors an extraction reuses. */
class CacheReuseTest extends ExtractionFixture {
  @Test
  void secondRunComputesNothing() throws IOException {
    writeImages(3);
    ExtractionResult first = run();
    ExtractionResult second = run();
    assertCounts(second, 0, 18);
    assertThat(second.hashes()).isEqualTo(first.hashes());
    assertThat(second.readable()).isEqualTo(first.readable());
  }

  @Test
  void touchedFileIsNotComputedAgain() throws IOException {
    writeImages(3);
    run();
    Files.setLastModifiedTime(image("dots_001.jpg"), FileTime.fromMillis(1_000_000_000_000L));
    assertCounts(run(), 0, 18);
  }

  @Test
  void changedFileIsComputedAgain() throws Exception {
    writeImages(3);
    run();
    FileTime before = Files.getLastModifiedTime(image("dots_001.jpg"));
    Path other = directory.resolve("other");
    SampleImages.write(other, 1, 99, Progress.NONE);
    Files.copy(
        other.resolve("waves").resolve("waves_000.jpg"),
        image("dots_001.jpg"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(image("dots_001.jpg"), FileTime.fromMillis(before.toMillis() + 1));
    ExtractionResult result = run();
    assertCounts(result, 1, 17);
    assertVectorsAreCorrect(result, backbone, session);
    assertCounts(run(), 0, 18);
  }

  @Test
  void changedSizeIsDetected() throws Exception {
    writeImages(3);
    run();
    Path file = image("rings_002.jpg");
    FileTime before = Files.getLastModifiedTime(file);
    Files.copy(image("checks_000.jpg"), file, StandardCopyOption.REPLACE_EXISTING);
    Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
    Files.setLastModifiedTime(file, before);
    ExtractionResult result = run();
    assertCounts(result, 1, 17);
    assertVectorsAreCorrect(result, backbone, session);
  }

  @Test
  void copyIsNotComputed() throws Exception {
    writeImages(3);
    run();
    Files.copy(image("dots_001.jpg"), image("dots_copy.jpg"));
    ExtractionResult result = run();
    assertCounts(result, 0, 19);
    assertThat(result.hashes().get(image("dots_copy.jpg")))
        .isEqualTo(result.hashes().get(image("dots_001.jpg")));
  }

  @Test
  void movedDirectoryIsNotComputed() throws IOException {
    writeImages(3);
    run();
    Path moved = Files.move(images, directory.resolve("moved"));
    assertCounts(run(moved, backbone, false, Progress.NONE), 0, 18);
  }

  @Test
  void otherPreprocessingHasSeparateVectors() throws Exception {
    writeImages(3);
    run();
    Preprocessing p = backbone.preprocessing();
    Backbone other =
        new Backbone(
            backbone.name(),
            backbone.graph(),
            backbone.graphSha256(),
            backbone.input(),
            backbone.bottlenecks(),
            new Preprocessing(
                p.height(), p.width(), p.normalization().mean(0) + 30, p.normalization().std(0)));
    assertHasSeparateVectors(other);
  }

  @Test
  void otherFeatureSetHasSeparateVectors() throws Exception {
    writeImages(3);
    run();
    assertHasSeparateVectors(Scattering.load(FeatureSet.MULTI));
  }

  @Test
  void otherGraphHasSeparateVectors() throws Exception {
    writeImages(3);
    run();
    assertHasSeparateVectors(
        new Backbone(
            backbone.name(),
            backbone.graph(),
            "0".repeat(64),
            backbone.input(),
            backbone.bottlenecks(),
            backbone.preprocessing()));
  }

  private void assertHasSeparateVectors(Backbone other) throws Exception {
    try (BackboneSession running = new BackboneSession(other)) {
      ExtractionResult result = run(images, other, false, Progress.NONE);
      assertCounts(result, 18, 0);
      assertVectorsAreCorrect(result, other, running);
    }
    ExtractionResult first = run();
    assertCounts(first, 0, 18);
    assertVectorsAreCorrect(first, backbone, session);
  }
}

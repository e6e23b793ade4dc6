package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.testing.Scattering;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Fixture: a directory of images, a cache directory, and the embedded backbone. */
abstract class ExtractionFixture {
  static Backbone backbone;

  static BackboneSession session;

  @TempDir Path directory;

  Path images;

  Path cacheDir;

  @BeforeAll
  static void loadBackbone() throws IOException {
    backbone = Scattering.load(FeatureSet.LAST);
    session = new BackboneSession(backbone);
  }

  @AfterAll
  static void closeSession() {
    session.close();
  }

  @BeforeEach
  void setPaths() {
    images = directory.resolve("images");
    cacheDir = directory.resolve("cache");
  }

  /** Writes images of six classes. */
  void writeImages(int perClass) throws IOException {
    SampleImages.write(images, perClass, 1, Progress.NONE);
  }

  ExtractionResult run(boolean strict, Progress progress) throws IOException {
    return run(images, backbone, strict, progress);
  }

  ExtractionResult run() throws IOException {
    return run(false, Progress.NONE);
  }

  ExtractionResult run(Path folder, Backbone network, boolean strict, Progress progress)
      throws IOException {
    try (BottleneckCache cache = new BottleneckCache(cacheDir)) {
      return Extraction.run(cache, network, ImageFolder.scan(folder), strict, progress);
    }
  }

  static void assertCounts(ExtractionResult result, int computed, int reused) {
    assertThat(List.of(result.computed(), result.reused())).containsExactly(computed, reused);
    assertThat(result.readable()).hasSize(computed + reused);
  }

  /** Asserts that every cached vector equals the one computed for its image alone. */
  void assertVectorsAreCorrect(ExtractionResult result, Backbone network, BackboneSession running)
      throws Exception {
    int length = running.vectorLength();
    try (BottleneckCache cache = new BottleneckCache(cacheDir);
        ImageDecoder decoder = new ImageDecoder(network.preprocessing());
        VectorReader reader = cache.reader(cache.find(network.identity()).orElseThrow())) {
      for (ImageFile file : result.readable()) {
        byte[] content = Files.readAllBytes(file.path());
        assertThat(result.hashes()).containsEntry(file.path(), ContentHash.of(content));
        float[] cached = new float[length];
        assertThat(reader.read(ContentHash.of(content), cached, 0)).isTrue();
        assertThat(cached)
            .containsExactly(running.vectors(List.of(decoder.decode(content))), within(1e-4f));
      }
    }
  }

  Path image(String name) {
    return images.resolve(name.substring(0, name.indexOf('_'))).resolve(name);
  }
}

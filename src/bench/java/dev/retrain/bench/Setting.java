package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/**
 * The benchmark's sizes and files.
 *
 * @param quick whether sizes are tiny, to test the benchmark
 * @param large whether to measure what takes minutes and gigabytes, too
 * @param directory for temporary files
 * @param jar the packaged jar
 */
record Setting(boolean quick, boolean large, Path directory, Path jar) {
  /** The network for real images. */
  static final String MOBILE_NET = "mobilenet_v1_0.25_224";

  private static final int CLASSES = 10;

  /** The full size, or the tiny one of a quick run. */
  int size(int full, int tiny) {
    return quick ? tiny : full;
  }

  /** Returns a path that does not exist yet. */
  Path fresh(String name) throws IOException {
    Path path = Files.createTempDirectory(directory, name);
    FileUtils.deleteDirectory(path.toFile());
    return path;
  }

  /** The directory with the network for real images. */
  BackboneStore models() throws IOException {
    Path models = directory.resolve("imagenet");
    if (!Files.isDirectory(models)) {
      SharedData.mobileNetDirectory(models);
    }
    return new BackboneStore(models, DownloadSources.PUBLISHERS);
  }

  /** Loads the network for real images. */
  Backbone mobileNet() throws IOException {
    return BackboneLoader.load(known(), FeatureSet.LAST, models());
  }

  /** The file of that network's original graph. */
  Path mobileNetGraph() throws IOException {
    mobileNet();
    return models().graph(known()).orElseThrow();
  }

  private static BackboneSpec known() {
    return BackboneRegistry.find(MOBILE_NET).orElseThrow();
  }

  /**
   * Returns a directory of real JPEG files.
   *
   * @param count how many, a multiple of the ten classes
   */
  Path images(int count) throws IOException {
    Path images = directory.resolve("images-" + count);
    if (!Files.isDirectory(images)) {
      SharedData.cifar10(images, count / CLASSES);
    }
    return images;
  }
}

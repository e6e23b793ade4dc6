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
 * Where and how large the benchmark is.
 *
 * @param quick whether sizes are tiny: to see that all of it works, not for figures
 * @param large whether what takes many minutes and gigabytes is measured, too
 * @param directory for all that is needed on the way
 * @param jar the packaged tool
 */
record Setting(boolean quick, boolean large, Path directory, Path jar) {
  /** The network of the rows on real images. */
  static final String MOBILE_NET = "mobilenet_v1_0.25_224";

  private static final int CLASSES = 10;

  /** A size, or the one that will do to see that it works. */
  int size(int full, int tiny) {
    return quick ? tiny : full;
  }

  /** A directory that does not exist yet. */
  Path fresh(String name) throws IOException {
    Path path = Files.createTempDirectory(directory, name);
    FileUtils.deleteDirectory(path.toFile());
    return path;
  }

  /** Where the network of the real images is. */
  BackboneStore models() throws IOException {
    Path models = directory.resolve("imagenet");
    if (!Files.isDirectory(models)) {
      SharedData.mobileNetDirectory(models);
    }
    return new BackboneStore(models, DownloadSources.PUBLISHERS);
  }

  /** The network of the real images. */
  Backbone mobileNet() throws IOException {
    return BackboneLoader.load(known(), FeatureSet.LAST, models());
  }

  /** The file of that network's graph. */
  Path mobileNetGraph() throws IOException {
    mobileNet();
    return models().graph(known()).orElseThrow();
  }

  private static BackboneSpec known() {
    return BackboneRegistry.find(MOBILE_NET).orElseThrow();
  }

  /**
   * A directory of real JPEG files.
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

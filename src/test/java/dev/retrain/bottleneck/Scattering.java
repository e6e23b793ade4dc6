package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneRegistry;
import dev.retrain.backbone.Features;
import java.io.IOException;
import java.nio.file.Path;

/** The network inside the tool. */
final class Scattering {
  private Scattering() {}

  static Backbone load(Features features) throws IOException {
    return BackboneLoader.load(
        BackboneRegistry.find(BackboneRegistry.SCATTERING).orElseThrow(),
        features,
        Path.of("no-model-directory"));
  }
}

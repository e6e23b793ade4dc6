package dev.retrain.testing;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import java.io.IOException;
import java.nio.file.Path;

/** The built-in scattering backbone. */
public final class Scattering {
  private Scattering() {}

  public static Backbone load(FeatureSet features) throws IOException {
    return BackboneLoader.load(
        BackboneRegistry.find(BackboneRegistry.SCATTERING).orElseThrow(),
        features,
        Path.of("no-model-directory"));
  }
}

package dev.retrain.cli.command.bottleneck;

import dev.retrain.backbone.BackboneIdentity;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.FeatureSpec;
import dev.retrain.backbone.Precision;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.bottleneck.cache.CachedBackbone;
import dev.retrain.cli.option.backbone.RegisteredBackbones;
import dev.retrain.image.ResizeMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Vectors that a cache contains, identified as those of a backbone of the registry.
 *
 * @param features their identity and length
 * @param architecture the suffix of the names of their bottleneck files
 */
record CachedFeatures(FeatureSpec features, String architecture) {
  /**
   * Finds the backbone and feature set whose vectors a cache entry has.
   *
   * @param store where backbones are stored; nothing is downloaded
   * @return empty if the entry belongs to a graph file, or to tensors that the user has chosen
   */
  static Optional<CachedFeatures> identify(CachedBackbone entry, BackboneStore store)
      throws IOException {
    Optional<BackboneSpec> spec = BackboneRegistry.find(entry.name());
    if (spec.isEmpty()) {
      return Optional.empty();
    }
    for (FeatureSet features : FeatureSet.values()) {
      for (BackboneIdentity identity :
          variants(BackboneLoader.identity(spec.get(), features, store))) {
        if (identity.text().equals(entry.identity())) {
          return Optional.of(
              new CachedFeatures(
                  new FeatureSpec(identity, entry.vectorLength()),
                  RegisteredBackbones.architecture(
                      spec.get(),
                      features,
                      identity.mirrored(),
                      identity.preprocessing().resize())));
        }
      }
    }
    return Optional.empty();
  }

  /** The identities under which vectors of the same layers are cached. */
  private static List<BackboneIdentity> variants(BackboneIdentity base) {
    List<BackboneIdentity> variants = new ArrayList<>();
    for (int jpegScale : new int[] {1, 2, 4, 8}) {
      for (Precision precision : Precision.values()) {
        for (boolean optimized : new boolean[] {true, false}) {
          BackboneIdentity computed =
              new BackboneIdentity(
                  base.name(),
                  base.graphSha256(),
                  base.input(),
                  base.bottlenecks(),
                  base.preprocessing().withJpegScale(jpegScale),
                  new ComputeOptions(optimized, precision),
                  false);
          for (ResizeMode resize : ResizeMode.values()) {
            Stream.of(computed.with(resize), computed.with(resize).withMirrored(true))
                .forEach(variants::add);
          }
        }
      }
    }
    return variants;
  }
}

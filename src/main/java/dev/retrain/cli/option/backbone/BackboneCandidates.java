package dev.retrain.cli.option.backbone;

import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import java.util.Iterator;

/** The names of the registered backbones, for shell completion. */
public final class BackboneCandidates implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return BackboneRegistry.list().stream().map(BackboneSpec::name).iterator();
  }
}

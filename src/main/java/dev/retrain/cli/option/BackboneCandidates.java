package dev.retrain.cli.option;

import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import java.util.Iterator;

/** The networks known by name, for a shell to complete. */
public final class BackboneCandidates implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return BackboneRegistry.list().stream().map(BackboneSpec::name).iterator();
  }
}

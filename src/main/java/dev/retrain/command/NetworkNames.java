package dev.retrain.command;

import dev.retrain.backbone.BackboneRegistry;
import dev.retrain.backbone.KnownBackbone;
import java.util.Iterator;

/** The networks known by name, for a shell to complete. */
final class NetworkNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return BackboneRegistry.list().stream().map(KnownBackbone::name).iterator();
  }
}

package dev.retrain.backbone.registry;

import dev.retrain.backbone.Backbone;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.image.Preprocessing;
import java.util.List;
import java.util.Optional;

/**
 * A backbone of the registry.
 *
 * @param name its name
 * @param aliases other names, such as those of retrain.py
 * @param description one line for users
 * @param published the archive of its graph; absent for the embedded backbone
 * @param input the input tensor, {@code name:index}
 * @param preprocessing how images are decoded, scaled and normalized
 * @param last the layers of {@link FeatureSet#LAST}
 * @param multi the layers of {@link FeatureSet#MULTI}
 * @param grid the layers of {@link FeatureSet#GRID}
 */
public record BackboneSpec(
    String name,
    List<String> aliases,
    String description,
    Optional<PublishedGraph> published,
    String input,
    Preprocessing preprocessing,
    Layers last,
    Layers multi,
    Layers grid) {
  /**
   * A published archive with a frozen graph.
   *
   * @param archive the archive
   * @param graphFile name of the frozen graph's file in the archive
   * @param graphSha256 SHA-256 of that file, if it is known
   */
  public record PublishedGraph(
      RemoteFile archive, String graphFile, Optional<String> graphSha256) {}

  /**
   * The layers whose features make a vector.
   *
   * @param tensors the feature tensors, as in {@link Backbone#bottlenecks}
   * @param vectorLength floats in the vector
   */
  public record Layers(List<String> tensors, int vectorLength) {
    public Layers {
      tensors = List.copyOf(tensors);
    }
  }

  public BackboneSpec {
    aliases = List.copyOf(aliases);
  }

  /** The layers of a feature set. */
  public Layers layers(FeatureSet features) {
    return switch (features) {
      case LAST -> last;
      case MULTI -> multi;
      case GRID -> grid;
    };
  }

  /**
   * The architecture in the names of bottleneck files. It is retrain.py's if retrain.py has the
   * same vectors. For MobileNets, retrain.py uses the 1001 logits and a name without version; the
   * pooled features, like all other vectors that retrain.py does not have, get a name of their own.
   *
   * @param features the layers
   */
  public String architecture(FeatureSet features) {
    String architecture = name.replace("mobilenet_v1_", "mobilenet_");
    if (features != FeatureSet.LAST) {
      return architecture + "_" + features;
    }
    return architecture.equals(name) ? architecture : architecture + "_pooled";
  }
}

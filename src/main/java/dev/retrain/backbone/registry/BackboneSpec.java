package dev.retrain.backbone.registry;

import dev.retrain.backbone.Backbone;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.image.Preprocessing;
import java.util.List;
import java.util.Optional;

/**
 * A network of the registry.
 *
 * @param name its name
 * @param aliases other names it answers to, retrain.py's among them
 * @param description what it is, in one line
 * @param published where its graph comes from; absent for the one inside the tool
 * @param input the tensor images are fed at
 * @param preprocessing what an image becomes before that
 * @param last what {@link FeatureSet#LAST} reads
 * @param multi what {@link FeatureSet#MULTI} reads
 * @param grid what {@link FeatureSet#GRID} reads
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
   * The archive a graph was published in.
   *
   * @param archive the archive
   * @param graphFile the frozen graph's file name in it
   * @param graphSha256 that file's checksum, where one is known
   */
  public record PublishedGraph(
      RemoteFile archive, String graphFile, Optional<String> graphSha256) {}

  /**
   * What a vector is made of.
   *
   * @param tensors what to join, as {@link Backbone} spells bottlenecks
   * @param vectorLength floats in the vector they give
   */
  public record Layers(List<String> tensors, int vectorLength) {
    /** Copies the list. */
    public Layers {
      tensors = List.copyOf(tensors);
    }
  }

  /** Copies the list. */
  public BackboneSpec {
    aliases = List.copyOf(aliases);
  }

  /** What a feature set reads. */
  public Layers layers(FeatureSet features) {
    return switch (features) {
      case LAST -> last;
      case MULTI -> multi;
      case GRID -> grid;
    };
  }

  /**
   * The word for the network that ends the names of bottleneck files: retrain.py's for the vectors
   * it had. Of the MobileNets, which it spells without their version, these are the 1001 logits;
   * the pooled features, as every other vector it did not have, get a word of their own.
   *
   * @param features which layers
   */
  public String architecture(FeatureSet features) {
    String word = name.replace("mobilenet_v1_", "mobilenet_");
    if (features != FeatureSet.LAST) {
      return word + "_" + features;
    }
    return word.equals(name) ? word : word + "_pooled";
  }
}

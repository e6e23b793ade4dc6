package dev.retrain.backbone;

import dev.retrain.fetch.PublishedFile;
import dev.retrain.picture.Preprocessing;
import java.util.List;
import java.util.Optional;

/**
 * A network of the registry.
 *
 * @param name its name
 * @param aliases other names it answers to, retrain.py's among them
 * @param description what it is, in one line
 * @param published where its graph comes from; absent for the one inside the tool
 * @param input the tensor pictures are fed at
 * @param preprocessing what a picture becomes before that
 * @param last what {@link Features#LAST} reads
 * @param multi what {@link Features#MULTI} reads
 * @param grid what {@link Features#GRID} reads
 */
public record KnownBackbone(
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
      PublishedFile archive, String graphFile, Optional<String> graphSha256) {}

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
  public KnownBackbone {
    aliases = List.copyOf(aliases);
  }

  /** What a feature set reads. */
  public Layers layers(Features features) {
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
  public String architecture(Features features) {
    String word = name.replace("mobilenet_v1_", "mobilenet_");
    if (features != Features.LAST) {
      return word + "_" + features;
    }
    return word.equals(name) ? word : word + "_pooled";
  }
}

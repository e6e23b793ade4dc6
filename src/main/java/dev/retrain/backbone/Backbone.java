package dev.retrain.backbone;

import dev.retrain.backbone.graph.FrozenGraph;
import dev.retrain.image.Preprocessing;
import java.util.List;
import org.tensorflow.proto.GraphDef;

/**
 * A frozen network and how its bottleneck vectors are read.
 *
 * @param name what the user calls it
 * @param frozen the frozen graph
 * @param graphSha256 SHA-256 of the graph's file
 * @param input the tensor batches of images are fed at, {@code name:index}; [n, height, width, 3]
 *     float32
 * @param bottlenecks the tensors whose averages over all positions, or over the cells of a grid,
 *     joined in this order, are the vector: each [n, channels], [n, positions, channels] or [n,
 *     rows, columns, channels], spelled {@code name:index}, or {@code name:index@2x2} for a grid
 * @param preprocessing what an image becomes before it is fed
 * @param computation how vectors are computed
 * @param mirrored whether an image's vector is the average of its own and its mirror image's
 */
public record Backbone(
    String name,
    FrozenGraph frozen,
    String graphSha256,
    String input,
    List<String> bottlenecks,
    Preprocessing preprocessing,
    ComputeOptions computation,
    boolean mirrored) {
  /** Copies the list. */
  public Backbone {
    bottlenecks = List.copyOf(bottlenecks);
    if (bottlenecks.isEmpty()) {
      throw new IllegalArgumentException("a backbone needs at least one bottleneck tensor");
    }
  }

  /** A network that was just read. */
  public Backbone(
      String name,
      GraphDef graph,
      String graphSha256,
      String input,
      List<String> bottlenecks,
      Preprocessing preprocessing,
      ComputeOptions computation,
      boolean mirrored) {
    this(
        name,
        new FrozenGraph(graph),
        graphSha256,
        input,
        bottlenecks,
        preprocessing,
        computation,
        mirrored);
  }

  /** The network as it is computed by default, which looks at images as they are. */
  public Backbone(
      String name,
      GraphDef graph,
      String graphSha256,
      String input,
      List<String> bottlenecks,
      Preprocessing preprocessing) {
    this(
        name, graph, graphSha256, input, bottlenecks, preprocessing, ComputeOptions.DEFAULT, false);
  }

  /** The frozen graph, as it was read. */
  public GraphDef graph() {
    return frozen.definition();
  }

  /** The same network, computed so. */
  public Backbone with(ComputeOptions other) {
    return new Backbone(
        name, frozen, graphSha256, input, bottlenecks, preprocessing, other, mirrored);
  }

  /** The same network, its images prepared so. */
  public Backbone with(Preprocessing other) {
    return new Backbone(
        name, frozen, graphSha256, input, bottlenecks, other, computation, mirrored);
  }

  /** The same network, its images' mirror images looked at or not. */
  public Backbone withMirrored(boolean other) {
    return new Backbone(
        name, frozen, graphSha256, input, bottlenecks, preprocessing, computation, other);
  }

  /** Everything its vectors depend on besides the image. */
  public BackboneIdentity identity() {
    return new BackboneIdentity(
        name, graphSha256, input, bottlenecks, preprocessing, computation, mirrored);
  }
}

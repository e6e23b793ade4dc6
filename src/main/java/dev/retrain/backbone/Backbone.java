package dev.retrain.backbone;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.FrozenGraph;
import dev.retrain.image.Preprocessing;
import java.util.List;
import org.tensorflow.proto.GraphDef;

/**
 * A pretrained network that computes a feature vector for each image.
 *
 * @param name name to display
 * @param frozen the frozen graph
 * @param graphSha256 SHA-256 of the graph's file
 * @param input the input tensor, {@code name:index}; [n, height, width, 3] float32
 * @param bottlenecks the feature tensors in the form of {@link FeatureTensor}. Each is [n,
 *     channels], [n, positions, channels] or [n, rows, columns, channels]; the vector is the
 *     concatenation, in this order, of their averages over all positions or over the cells of a
 *     grid
 * @param preprocessing how images are decoded, scaled and normalized
 * @param computation how vectors are computed
 * @param mirrored whether a vector is the average of the image's vector and that of the
 *     horizontally flipped image (test-time augmentation)
 * @param inferred what was inferred about the network and why, in sentences; changes no vector
 */
public record Backbone(
    String name,
    FrozenGraph frozen,
    String graphSha256,
    String input,
    List<String> bottlenecks,
    Preprocessing preprocessing,
    ComputeOptions computation,
    boolean mirrored,
    List<String> inferred) {
  /**
   * @throws IllegalArgumentException if there are no feature tensors
   */
  public Backbone {
    bottlenecks = List.copyOf(bottlenecks);
    inferred = List.copyOf(inferred);
    if (bottlenecks.isEmpty()) {
      throw new IllegalArgumentException("a backbone needs at least one feature tensor");
    }
  }

  /** A backbone with a graph that is not shared with other backbones. */
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
        mirrored,
        List.of());
  }

  /** A backbone with default compute options and without flip averaging. */
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

  /** The frozen graph as it was read. */
  public GraphDef graph() {
    return frozen.definition();
  }

  /** A copy with other feature tensors, which exist. */
  Backbone withBottlenecks(List<String> others) {
    return new Backbone(
        name, frozen, graphSha256, input, others, preprocessing, computation, mirrored, inferred);
  }

  /** A copy with what was inferred. */
  Backbone withInferred(List<String> sentences) {
    return new Backbone(
        name,
        frozen,
        graphSha256,
        input,
        bottlenecks,
        preprocessing,
        computation,
        mirrored,
        sentences);
  }

  /** A copy with other compute options. */
  public Backbone with(ComputeOptions other) {
    return new Backbone(
        name, frozen, graphSha256, input, bottlenecks, preprocessing, other, mirrored, inferred);
  }

  /** A copy with other preprocessing. */
  public Backbone with(Preprocessing other) {
    return new Backbone(
        name, frozen, graphSha256, input, bottlenecks, other, computation, mirrored, inferred);
  }

  /** A copy with or without flip averaging. */
  public Backbone withMirrored(boolean other) {
    return new Backbone(
        name, frozen, graphSha256, input, bottlenecks, preprocessing, computation, other, inferred);
  }

  /** A copy whose graph may run whatever its ops are, or not. */
  public Backbone withTrustedGraph(boolean trusted) {
    return trusted == frozen.isTrusted() ? this : with(frozen.withTrusted(trusted));
  }

  /** A copy of which it is checked that vectors don't depend on the other images of a batch. */
  Backbone withProbe() {
    return with(frozen.asForeign());
  }

  /**
   * A copy with a graph whose weights were trained further. It has the names of the original's
   * tensors.
   *
   * @param tuned the graph
   * @param sha256 SHA-256 of its serialized form, which distinguishes its vectors from the
   *     original's
   */
  public Backbone tuned(GraphDef tuned, String sha256) {
    return with(new FrozenGraph(tuned, frozen.isTrusted()), sha256);
  }

  /** A copy with another graph that computes the same. */
  Backbone with(GraphDef other) {
    return with(new FrozenGraph(other));
  }

  /** A copy with another graph. */
  public Backbone with(FrozenGraph other) {
    return with(other, graphSha256);
  }

  private Backbone with(FrozenGraph other, String sha256) {
    return new Backbone(
        name, other, sha256, input, bottlenecks, preprocessing, computation, mirrored, inferred);
  }

  /** Everything that a vector depends on besides the image. */
  public BackboneIdentity identity() {
    return new BackboneIdentity(
        name, graphSha256, input, bottlenecks, preprocessing, computation, mirrored);
  }
}

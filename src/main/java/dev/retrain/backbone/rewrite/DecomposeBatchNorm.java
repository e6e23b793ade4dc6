package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Decomposes the batch normalization of a convolution into {@code x * scale + shift}, with {@code
 * scale = gamma / sqrt(variance + epsilon)} and {@code shift = beta - mean * scale}.
 *
 * <p>Applies to {@code BatchNormWithGlobalNormalization} and to all three versions of {@code
 * FusedBatchNorm} in inference mode with channels last, if mean, variance, beta and gamma are
 * constants.
 */
final class DecomposeBatchNorm implements GraphPass {
  private static final Set<String> FUSED =
      Set.of("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3");

  /** TensorFlow's default for FusedBatchNorm. */
  private static final float DEFAULT_EPSILON = 1e-4f;

  /** A batch normalization: the names of its inputs, and its epsilon. */
  private record Normalization(
      String x, String mean, String variance, String beta, Optional<String> gamma, float epsilon) {}

  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : index.nodes()) {
      if (isApplicable(index, node)) {
        read(node).ifPresent(n -> replacements.put(node.getName(), decompose(index, node, n)));
      }
    }
    return index.with(replacements);
  }

  private static boolean isApplicable(GraphIndex index, NodeDef node) {
    return node.getInputCount() == 5
        && !hasUnavailableOutput(index, node)
        && !GraphIndex.isControlled(node)
        && NodeDefs.type(node, "T") == DataType.DT_FLOAT
        && BiasedConvolution.isConvolution(index, node.getInput(0))
        && node.getInputList().subList(1, 5).stream()
            .allMatch(input -> index.constant(input).isPresent());
  }

  /** Whether something reads an output that the sum, which replaces the node, does not have. */
  private static boolean hasUnavailableOutput(GraphIndex index, NodeDef node) {
    return (index.isKept(node) && FUSED.contains(node.getOp()))
        || !index.inputsFrom(node).stream()
            .allMatch(input -> GraphIndex.isControl(input) || index.producer(input).isPresent());
  }

  private static Optional<Normalization> read(NodeDef node) {
    Map<String, AttrValue> attributes = node.getAttrMap();
    List<String> in = node.getInputList();
    if (node.getOp().equals("BatchNormWithGlobalNormalization")) {
      return Optional.of(
          new Normalization(
              in.get(0),
              in.get(1),
              in.get(2),
              in.get(3),
              node.getAttrOrThrow("scale_after_normalization").getB()
                  ? Optional.of(in.get(4))
                  : Optional.empty(),
              node.getAttrOrThrow("variance_epsilon").getF()));
    }
    // The default of is_training is true.
    boolean inference =
        attributes.containsKey("is_training") && !attributes.get("is_training").getB();
    if (FUSED.contains(node.getOp()) && inference && NodeDefs.channelsLast(node)) {
      return Optional.of(
          new Normalization(
              in.get(0),
              in.get(3),
              in.get(4),
              in.get(2),
              Optional.of(in.get(1)),
              attributes.containsKey("epsilon")
                  ? attributes.get("epsilon").getF()
                  : DEFAULT_EPSILON));
    }
    return Optional.empty();
  }

  private static List<NodeDef> decompose(GraphIndex index, NodeDef node, Normalization n) {
    List<String> names =
        Stream.of("epsilon", "variance", "rsqrt", "scale", "scaled_mean", "shift", "scaled")
            .map(part -> index.freshName(node.getName() + "/" + part))
            .toList();
    String epsilon = names.get(0);
    String variance = names.get(1);
    String rsqrt = names.get(2);
    String scale = n.gamma().isPresent() ? names.get(3) : rsqrt;
    String scaledMean = names.get(4);
    String shift = names.get(5);
    String scaled = names.get(6);
    Stream<NodeDef> gamma =
        n.gamma().stream().map(g -> NodeDefs.floats(scale, "Mul", rsqrt, g).build());
    return Stream.of(
            Stream.of(
                NodeDefs.constant(epsilon, n.epsilon()),
                NodeDefs.floats(variance, "AddV2", n.variance(), epsilon).build(),
                NodeDefs.floats(rsqrt, "Rsqrt", variance).build()),
            gamma,
            Stream.of(
                NodeDefs.floats(scaledMean, "Mul", n.mean(), scale).build(),
                NodeDefs.floats(shift, "Sub", n.beta(), scaledMean).build(),
                NodeDefs.floats(scaled, "Mul", n.x(), scale).build(),
                NodeDefs.floats(node.getName(), "AddV2", scaled, shift).build()))
        .flatMap(part -> part)
        .toList();
  }
}

package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.signature.InputInference.Input;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Infers the input, feature tensor and image size of a frozen graph.
 *
 * @param file name of the graph in messages
 * @param graph the graph
 */
public record SignatureInference(String file, GraphDef graph) {
  private static final float DEFAULT_MEAN = 127.5f;
  private static final float DEFAULT_STD = 127.5f;

  private static final Set<String> POOLINGS = Set.of("AvgPool", "Mean");
  private static final Set<String> FEATURES =
      Set.of("AvgPool", "Mean", "MaxPool", "Relu", "Relu6", "Concat", "ConcatV2", "Squeeze");

  /**
   * Completes a signature.
   *
   * @param signature the values that the user specified
   * @throws RetrainException if an absent value can't be inferred, or the graph lacks a specified
   *     tensor; the message lists candidates
   */
  public NetworkSignature complete(GraphSignature signature) {
    List<String> bottlenecks =
        signature.bottlenecks().isEmpty()
            ? List.of(inferBottleneck())
            : signature.bottlenecks().stream().map(SignatureInference::normalized).toList();
    FeatureTensor.tensors(bottlenecks)
        .forEach(tensor -> checkExists(Setting.BOTTLENECK_TENSOR, tensor, lastOf(FEATURES)));
    signature.input().ifPresent(tensor -> checkExists(Setting.INPUT, tensor, placeholders()));
    Input input =
        new InputInference(
                file, GraphPruner.keep(graph, FeatureTensor.tensors(bottlenecks)).getNodeList())
            .find(signature.input());
    GraphSignature.Size size =
        signature.size().or(input.shape()::size).orElseThrow(() -> unknownSize(input.tensor()));
    return new NetworkSignature(
        graph,
        input.tensor(),
        bottlenecks,
        new Preprocessing(
            size.height(),
            size.width(),
            signature.mean().orElse(input.isBytes() ? 0 : DEFAULT_MEAN),
            signature.std().orElse(input.isBytes() ? 1 : DEFAULT_STD)));
  }

  private static String normalized(String bottleneck) {
    try {
      return FeatureTensor.parse(bottleneck).toString();
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e, "Invalid value of %s: %s.", Setting.BOTTLENECK_TENSOR, e.getMessage());
    }
  }

  private String inferBottleneck() {
    List<String> poolings = lastOf(POOLINGS);
    if (poolings.isEmpty()) {
      throw new RetrainException(
          "%s has no average pooling. Set %s to the tensor that holds the features%s.",
          file, Setting.BOTTLENECK_TENSOR, InputInference.candidates(lastOf(FEATURES)));
    }
    return poolings.get(0);
  }

  private RetrainException unknownSize(String input) {
    return new RetrainException(
        "%s does not specify a usable size of the images at %s. Set %s to height and width.",
        file, SafeText.quote(input), Setting.SIZE);
  }

  private void checkExists(Setting setting, String tensor, List<String> candidates) {
    if (node(TensorNames.operation(tensor)).isEmpty()) {
      throw new RetrainException(
          "%s has no operation '%s', which %s refers to%s.",
          file, TensorNames.operation(tensor), setting, InputInference.candidates(candidates));
    }
  }

  private Optional<NodeDef> node(String name) {
    return graph.getNodeList().stream().filter(node -> node.getName().equals(name)).findFirst();
  }

  private List<String> placeholders() {
    return graph.getNodeList().stream()
        .filter(node -> node.getOp().equals("Placeholder") && isFloat(node, "dtype"))
        .filter(node -> InputShape.of(node).canBeImages())
        .map(node -> node.getName() + ":0")
        .toList();
  }

  private static boolean isFloat(NodeDef node, String attribute) {
    return NodeDefs.type(node, attribute) == DataType.DT_FLOAT;
  }

  /** The first outputs of the last nodes with these ops, in reverse order. */
  private List<String> lastOf(Set<String> ops) {
    List<String> all =
        graph.getNodeList().stream()
            .filter(node -> ops.contains(node.getOp()) && isFloat(node, "T"))
            .map(node -> node.getName() + ":0")
            .toList();
    return Stream.iterate(all.size() - 1, i -> i >= 0, i -> i - 1)
        .limit(InputInference.MAX_CANDIDATES)
        .map(all::get)
        .toList();
  }
}

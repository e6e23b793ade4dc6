package dev.retrain.backbone;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Infers the input, feature tensor and image size of a frozen graph.
 *
 * @param file name of the graph in messages
 * @param graph the graph
 */
record SignatureInference(String file, GraphDef graph) {
  private static final float DEFAULT_MEAN = 127.5f;
  private static final float DEFAULT_STD = 127.5f;

  /** Larger sizes in a placeholder's shape are not sizes of images. */
  private static final int MAX_SIZE = 1 << 14;

  private static final int MAX_CANDIDATES = 8;
  private static final Set<String> POOLINGS = Set.of("AvgPool", "Mean");
  private static final Set<String> FEATURES =
      Set.of("AvgPool", "Mean", "MaxPool", "Relu", "Relu6", "Concat", "ConcatV2", "Squeeze");

  /**
   * Completes a signature.
   *
   * @param signature the values that the user specified
   * @param sha256 SHA-256 of the graph's file
   * @throws RetrainException if an absent value can't be inferred, or the graph lacks a specified
   *     tensor; the message lists candidates
   */
  Backbone complete(GraphSignature signature, String sha256) {
    String input = signature.input().map(TensorNames::withIndex).orElseGet(this::inferInput);
    List<String> bottlenecks =
        signature.bottlenecks().isEmpty()
            ? List.of(inferBottleneck())
            : signature.bottlenecks().stream().map(SignatureInference::normalized).toList();
    checkExists(Setting.INPUT, input, placeholders());
    FeatureTensor.tensors(bottlenecks)
        .forEach(tensor -> checkExists(Setting.BOTTLENECK_TENSOR, tensor, lastOf(FEATURES)));
    GraphSignature.Size size = signature.size().orElseGet(() -> inferSize(input));
    return new Backbone(
        file,
        graph,
        sha256,
        input,
        bottlenecks,
        new Preprocessing(
            size.height(),
            size.width(),
            signature.mean().orElse(DEFAULT_MEAN),
            signature.std().orElse(DEFAULT_STD)));
  }

  private static String normalized(String bottleneck) {
    try {
      return FeatureTensor.parse(bottleneck).toString();
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e, "Invalid value of %s: %s.", Setting.BOTTLENECK_TENSOR, e.getMessage());
    }
  }

  private String inferInput() {
    List<String> placeholders = placeholders();
    if (placeholders.size() == 1) {
      return placeholders.get(0);
    }
    throw new RetrainException(
        "%s has %s. Set %s to the tensor that takes images%s.",
        file,
        placeholders.isEmpty()
            ? "no placeholder for images"
            : placeholders.size() + " placeholders",
        Setting.INPUT,
        candidates(placeholders.isEmpty() ? firstImageNodes() : placeholders));
  }

  private String inferBottleneck() {
    List<String> poolings = lastOf(POOLINGS);
    if (poolings.isEmpty()) {
      throw new RetrainException(
          "%s has no average pooling. Set %s to the tensor that holds the features%s.",
          file, Setting.BOTTLENECK_TENSOR, candidates(lastOf(FEATURES)));
    }
    return poolings.get(0);
  }

  private GraphSignature.Size inferSize(String input) {
    Optional<TensorShapeProto> shape =
        node(TensorNames.operation(input))
            .map(node -> node.getAttrMap().get("shape"))
            .map(AttrValue::getShape);
    if (shape.isPresent() && shape.get().getDimCount() == 4) {
      long height = shape.get().getDim(1).getSize();
      long width = shape.get().getDim(2).getSize();
      if (height > 0 && width > 0 && height <= MAX_SIZE && width <= MAX_SIZE) {
        return new GraphSignature.Size((int) height, (int) width);
      }
    }
    throw new RetrainException(
        "%s does not specify a usable size of the images at %s. Set %s to height and width.",
        file, input, Setting.SIZE);
  }

  private void checkExists(Setting setting, String tensor, List<String> candidates) {
    if (node(TensorNames.operation(tensor)).isEmpty()) {
      throw new RetrainException(
          "%s has no operation '%s', which %s refers to%s.",
          file, TensorNames.operation(tensor), setting, candidates(candidates));
    }
  }

  private Optional<NodeDef> node(String name) {
    return graph.getNodeList().stream().filter(node -> node.getName().equals(name)).findFirst();
  }

  private List<String> placeholders() {
    return graph.getNodeList().stream()
        .filter(node -> node.getOp().equals("Placeholder"))
        .filter(node -> isFloat(node, "dtype"))
        .filter(SignatureInference::canBeImages)
        .map(node -> node.getName() + ":0")
        .toList();
  }

  private static boolean canBeImages(NodeDef placeholder) {
    AttrValue shape = placeholder.getAttrMap().get("shape");
    return shape == null
        || shape.getShape().getUnknownRank()
        || shape.getShape().getDimCount() == 0
        || shape.getShape().getDimCount() == 4;
  }

  private static boolean isFloat(NodeDef node, String attribute) {
    AttrValue type = node.getAttrMap().get(attribute);
    return type == null || type.getType() == DataType.DT_FLOAT;
  }

  private List<String> firstImageNodes() {
    return graph.getNodeList().stream()
        .filter(node -> Set.of("ResizeBilinear", "Mul", "Sub", "ExpandDims").contains(node.getOp()))
        .map(node -> node.getName() + ":0")
        .limit(MAX_CANDIDATES)
        .toList();
  }

  /** The first outputs of the last nodes with these ops, in reverse order. */
  private List<String> lastOf(Set<String> ops) {
    List<String> all =
        graph.getNodeList().stream()
            .filter(node -> ops.contains(node.getOp()) && isFloat(node, "T"))
            .map(node -> node.getName() + ":0")
            .toList();
    return Stream.iterate(all.size() - 1, i -> i >= 0, i -> i - 1)
        .limit(MAX_CANDIDATES)
        .map(all::get)
        .toList();
  }

  private static String candidates(List<String> names) {
    return names.isEmpty() ? "" : "; candidates: " + String.join(", ", names);
  }
}

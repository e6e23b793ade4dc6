package dev.retrain.backbone;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
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
 * Reads off a frozen graph where images go in and where their features come out.
 *
 * @param file what the user calls the graph
 * @param graph the graph
 */
record SignatureInference(String file, GraphDef graph) {
  private static final float DEFAULT_MEAN = 127.5f;
  private static final float DEFAULT_STD = 127.5f;
  private static final int CANDIDATES = 8;
  private static final Set<String> POOLINGS = Set.of("AvgPool", "Mean");
  private static final Set<String> FEATURES =
      Set.of("AvgPool", "Mean", "MaxPool", "Relu", "Relu6", "Concat", "ConcatV2", "Squeeze");

  /**
   * @param request what the user said
   * @param sha256 the file's checksum
   * @return the network with every gap filled
   * @throws RetrainException where the graph does not say what is missing, listing candidates, or
   *     has none of a name
   */
  Backbone complete(GraphSignature request, String sha256) {
    String input = request.input().map(TensorNames::withIndex).orElseGet(this::guessInput);
    List<String> bottlenecks =
        request.bottlenecks().isEmpty()
            ? List.of(guessBottleneck())
            : request.bottlenecks().stream().map(SignatureInference::spelledOut).toList();
    check("--input", input, placeholders());
    FeatureTensor.tensors(bottlenecks)
        .forEach(tensor -> check("--bottleneck", tensor, lastOf(FEATURES)));
    GraphSignature.Size size = request.size().orElseGet(() -> guessSize(input));
    return new Backbone(
        file,
        graph,
        sha256,
        input,
        bottlenecks,
        new Preprocessing(
            size.height(),
            size.width(),
            request.mean().orElse(DEFAULT_MEAN),
            request.std().orElse(DEFAULT_STD)));
  }

  private static String spelledOut(String bottleneck) {
    try {
      return FeatureTensor.parse(bottleneck).toString();
    } catch (IllegalArgumentException e) {
      throw new RetrainException("--bottleneck: %s.".formatted(e.getMessage()), e);
    }
  }

  private String guessInput() {
    List<String> placeholders = placeholders();
    if (placeholders.size() == 1) {
      return placeholders.get(0);
    }
    throw new RetrainException(
        "%s has %s; say with --input where images go in%s."
            .formatted(
                file,
                placeholders.isEmpty()
                    ? "no placeholder for images"
                    : placeholders.size() + " placeholders",
                candidates(placeholders.isEmpty() ? firstFloatNodes() : placeholders)));
  }

  private String guessBottleneck() {
    List<String> poolings = lastOf(POOLINGS);
    if (poolings.isEmpty()) {
      throw new RetrainException(
          "%s has no average pooling; say with --bottleneck which tensor is the vector%s."
              .formatted(file, candidates(lastOf(FEATURES))));
    }
    return poolings.get(0);
  }

  private GraphSignature.Size guessSize(String input) {
    Optional<TensorShapeProto> shape =
        node(TensorNames.operation(input))
            .map(node -> node.getAttrMap().get("shape"))
            .map(AttrValue::getShape);
    if (shape.isPresent() && shape.get().getDimCount() == 4) {
      long height = shape.get().getDim(1).getSize();
      long width = shape.get().getDim(2).getSize();
      if (height > 0 && width > 0) {
        return new GraphSignature.Size(Math.toIntExact(height), Math.toIntExact(width));
      }
    }
    throw new RetrainException(
        "%s does not say how large the images at %s are; give --size HEIGHT,WIDTH."
            .formatted(file, input));
  }

  private void check(String option, String tensor, List<String> candidates) {
    if (node(TensorNames.operation(tensor)).isEmpty()) {
      throw new RetrainException(
          "%s has no operation '%s', given with %s%s."
              .formatted(file, TensorNames.operation(tensor), option, candidates(candidates)));
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

  private List<String> firstFloatNodes() {
    return graph.getNodeList().stream()
        .filter(node -> Set.of("ResizeBilinear", "Mul", "Sub", "ExpandDims").contains(node.getOp()))
        .map(node -> node.getName() + ":0")
        .limit(CANDIDATES)
        .toList();
  }

  /** The last nodes of these kinds, the very last first. */
  private List<String> lastOf(Set<String> ops) {
    List<String> all =
        graph.getNodeList().stream()
            .filter(node -> ops.contains(node.getOp()) && isFloat(node, "T"))
            .map(node -> node.getName() + ":0")
            .toList();
    return Stream.iterate(all.size() - 1, i -> i >= 0, i -> i - 1)
        .limit(CANDIDATES)
        .map(all::get)
        .toList();
  }

  private static String candidates(List<String> names) {
    return names.isEmpty() ? "" : "; candidates: " + String.join(", ", names);
  }
}

package dev.retrain.backbone.savedmodel;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** A graph that accepts encoded images, and decodes them. */
final class EncodedImages {
  private static final Set<String> RESIZES =
      Set.of("ResizeBilinear", "ResizeBicubic", "ResizeArea");

  /** Attributes with the type of the first output, or the types of all. */
  private static final List<String> TYPES =
      List.of("output_types", "DstT", "T", "element_dtype", "out_type", "dtype");

  /** Ops whose {@code element_dtype} is that of their output, which is no list of tensors. */
  private static final Set<String> OF_LISTS =
      Set.of("TensorListStack", "TensorListGetItem", "TensorListGather", "TensorListConcatV2");

  private EncodedImages() {}

  /** Why the graph can't be used, with the tensor of decoded images that can be fed instead. */
  static RetrainException refused(String file, String input, GraphDef graph) {
    Optional<String> decoded = decoded(graph);
    return decoded.isPresent()
        ? new RetrainException(
            "Input %s of SavedModel %s accepts encoded images (strings), but images are decoded before"
                + " they are fed. Set %s to the tensor of decoded images, %s, and %s to their height"
                + " and width.",
            SafeText.quote(input), file, Setting.INPUT, SafeText.quote(decoded.get()), Setting.SIZE)
        : new RetrainException(
            "Input %s of SavedModel %s accepts strings, but images are decoded before they are fed."
                + " Use another signature with %s, or export the network with decoded images as its"
                + " input.",
            SafeText.quote(input), file, Setting.SIGNATURE);
  }

  /** The first float32 tensor that depends on an encoded image. */
  private static Optional<String> decoded(GraphDef graph) {
    Set<String> dependent = new HashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      boolean isInput =
          node.getOp().equals("Placeholder") && NodeDefs.type(node, "dtype") == DataType.DT_STRING;
      boolean depends =
          node.getInputList().stream().map(GraphIndex::operation).anyMatch(dependent::contains);
      if (depends && isFloat(node)) {
        return Optional.of(node.getName() + ":0");
      }
      if (isInput || depends) {
        dependent.add(node.getName());
      }
    }
    return Optional.empty();
  }

  /** Whether the first output is known to be float32. */
  private static boolean isFloat(NodeDef node) {
    if (RESIZES.contains(node.getOp())) {
      return !node.getOp().equals("ResizeArea") || node.getInputCount() > 0;
    }
    if (node.containsAttr("element_dtype") && !OF_LISTS.contains(node.getOp())) {
      return false;
    }
    return TYPES.stream()
        .filter(node::containsAttr)
        .findFirst()
        .map(name -> first(node.getAttrOrThrow(name)) == DataType.DT_FLOAT)
        .orElse(false);
  }

  private static DataType first(AttrValue types) {
    return types.getList().getTypeCount() > 0 ? types.getList().getType(0) : types.getType();
  }

  /**
   * Replaces the node of a tensor by a placeholder, so that what decodes images is not part of the
   * graph. A tensor that is not known to be float32 remains.
   *
   * @param tensor {@code name:0}
   */
  static GraphDef withPlaceholder(GraphDef graph, String tensor) {
    GraphIndex index = new GraphIndex(graph, Set.of());
    Optional<NodeDef> node =
        index.producer(tensor).filter(n -> !n.getOp().equals("Placeholder") && isFloat(n));
    return node.isEmpty()
        ? graph
        : index.with(
            Map.of(
                node.get().getName(),
                List.of(NodeDefs.placeholder(node.get().getName(), -1, -1, -1, 3))));
  }
}

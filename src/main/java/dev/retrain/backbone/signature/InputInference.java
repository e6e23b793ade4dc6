package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * Finds the tensor of a frozen graph that accepts images, and checks that it accepts what is fed:
 * float32 [n, height, width, 3]. A uint8 placeholder is replaced by its conversion to float32, or
 * by a conversion from float32 if other nodes read it.
 *
 * @param file name of the graph in messages
 * @param nodes the nodes that the feature tensors depend on
 */
record InputInference(String file, List<NodeDef> nodes) {
  static final int MAX_CANDIDATES = 8;
  private static final Set<DataType> PIXELS = Set.of(DataType.DT_FLOAT, DataType.DT_UINT8);

  /**
   * The input.
   *
   * @param tensor {@code name:index}, float32
   * @param shape the shape of images where the graph says it
   * @param bytes the uint8 placeholder whose values the graph converts, if it is one
   */
  record Input(String tensor, InputShape shape, Optional<NodeDef> bytes) {
    /** Whether the graph lacks the tensor until the placeholder is converted from float32. */
    boolean mustBeConverted() {
      return bytes.filter(node -> tensor.equals(node.getName() + ":0")).isPresent();
    }
  }

  /**
   * Finds and checks the input.
   *
   * @param specified the tensor that the user specified
   * @throws RetrainException if there is none, or it accepts something else than images
   */
  Input find(Optional<String> specified) {
    String tensor = specified.map(TensorNames::withIndex).orElseGet(this::infer);
    Optional<NodeDef> placeholder =
        nodes.stream()
            .filter(node -> node.getName().equals(TensorNames.operation(tensor)))
            .filter(node -> node.getOp().startsWith("Placeholder"))
            .findFirst();
    if (placeholder.isEmpty()) {
      return new Input(tensor, InputShape.UNKNOWN, Optional.empty());
    }
    InputShape shape = InputShape.of(placeholder.get());
    DataType type = NodeDefs.type(placeholder.get(), "dtype");
    checkType(tensor, type);
    checkShape(tensor, shape);
    return type == DataType.DT_UINT8
        ? new Input(converted(placeholder.get()), shape, placeholder)
        : new Input(tensor, shape, Optional.empty());
  }

  private String infer() {
    List<NodeDef> placeholders =
        nodes.stream().filter(node -> node.getOp().equals("Placeholder")).toList();
    List<String> images =
        placeholders.stream()
            .filter(node -> PIXELS.contains(NodeDefs.type(node, "dtype")))
            .filter(node -> InputShape.of(node).canBeImages())
            .map(node -> node.getName() + ":0")
            .toList();
    if (images.size() == 1) {
      return images.get(0);
    }
    if (images.isEmpty() && placeholders.size() == 1) {
      // find() checks it, and its message says what the placeholder accepts.
      return placeholders.get(0).getName() + ":0";
    }
    throw new RetrainException(
        "%s has %s. Set %s to the tensor that accepts images%s.",
        file,
        images.isEmpty() ? "no placeholder for images" : images.size() + " placeholders",
        Setting.INPUT,
        candidates(images.isEmpty() ? firstImageNodes() : images));
  }

  private void checkType(String tensor, DataType type) {
    if (type == DataType.DT_STRING) {
      throw new RetrainException(
          "Input %s of %s accepts encoded images (strings), but images are decoded before they are"
              + " fed. Set %s to the float32 tensor of decoded images%s.",
          SafeText.quote(tensor), file, Setting.INPUT, candidates(firstImageNodes()));
    }
    if (!PIXELS.contains(type)) {
      throw new RetrainException(
          "Input %s of %s is of type %s, but images are fed as float32. Set %s to a float32 tensor"
              + " of images%s.",
          SafeText.quote(tensor),
          file,
          NodeDefs.name(type),
          Setting.INPUT,
          candidates(firstImageNodes()));
    }
  }

  private void checkShape(String tensor, InputShape shape) {
    if (!shape.canBeImages()) {
      throw new RetrainException(
          "Input %s of %s has shape %s, but images are fed as [n, height, width, 3]. Set %s to a"
              + " tensor that accepts images%s.",
          SafeText.quote(tensor), file, shape, Setting.INPUT, candidates(firstImageNodes()));
    }
    if (shape.channels().isPresent() && shape.channels().getAsLong() != 3) {
      throw new RetrainException(
          "Input %s of %s has shape %s: the network accepts images of %s, but images are fed"
              + " in color, as [n, height, width, 3]. Use a network for color images.",
          SafeText.quote(tensor), file, shape, Counted.of(shape.channels().getAsLong(), "channel"));
    }
    if (shape.isChannelsFirst()) {
      throw channelsFirst(tensor, shape);
    }
  }

  private RetrainException channelsFirst(String tensor, InputShape shape) {
    String problem =
        "Input %s of %s has shape %s: channels first, but images are fed as [n, height, width, 3]."
            .formatted(SafeText.quote(tensor), file, shape);
    return readers(tensor)
        .filter(node -> node.getOp().equals("Transpose"))
        .findFirst()
        .map(
            node ->
                new RetrainException(
                    "%s Set %s to %s:0, its transpose, and %s to %s.",
                    problem,
                    Setting.INPUT,
                    SafeText.quote(node.getName()),
                    Setting.SIZE,
                    shape.size().map(Object::toString).orElse("height and width")))
        .orElseGet(
            () ->
                new RetrainException(
                    "%s Export the network with channels last (data format NHWC).", problem));
  }

  /** The tensor that holds the values of a uint8 placeholder as float32; else the placeholder. */
  private String converted(NodeDef placeholder) {
    List<NodeDef> readers = readers(placeholder.getName()).toList();
    boolean onlyCast =
        readers.size() == 1
            && readers.get(0).getOp().equals("Cast")
            && NodeDefs.type(readers.get(0), "DstT") == DataType.DT_FLOAT;
    return (onlyCast ? readers.get(0) : placeholder).getName() + ":0";
  }

  private Stream<NodeDef> readers(String tensor) {
    String name = TensorNames.operation(tensor);
    return nodes.stream()
        .filter(
            node -> node.getInputList().stream().map(GraphIndex::operation).anyMatch(name::equals));
  }

  private List<String> firstImageNodes() {
    return nodes.stream()
        .filter(node -> Set.of("ResizeBilinear", "Mul", "Sub", "ExpandDims").contains(node.getOp()))
        .map(node -> node.getName() + ":0")
        .limit(MAX_CANDIDATES)
        .toList();
  }

  /** Candidates for an option, to append to a message; empty if there are none. */
  static String candidates(List<String> names) {
    return names.isEmpty()
        ? ""
        : names.stream()
            .map(SafeText::quote)
            .collect(Collectors.joining(", ", "; candidates: ", ""));
  }
}

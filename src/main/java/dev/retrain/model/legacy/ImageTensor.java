package dev.retrain.model.legacy;

import dev.retrain.backbone.graph.ConstantValues;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.signature.GraphSignature.Size;
import dev.retrain.backbone.signature.range.Rescaling;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * The tensor of a classifier that accepts images, as far as the graph determines it.
 *
 * @param tensor {@code name:index}; absent if the only placeholder accepts images
 * @param size the size of images; absent if the placeholder says it
 * @param mean the mean; absent if the type of the placeholder says it
 * @param std the standard deviation, likewise
 * @param reason why mean and standard deviation are what they are
 */
record ImageTensor(
    Optional<String> tensor,
    Optional<Size> size,
    Optional<Float> mean,
    Optional<Float> std,
    String reason) {
  private static final String OF_USER = "as specified";

  /** Ops that don't change color values. */
  private static final Set<String> SAME_VALUES =
      Set.of(
          "Cast", "Identity", "ResizeBilinear", "ExpandDims", "Squeeze", "PlaceholderWithDefault");

  /**
   * Infers it.
   *
   * @param graph the nodes that the output depends on
   * @param specified the tensor that the user specified
   */
  static ImageTensor infer(GraphIndex graph, Optional<String> specified) {
    Optional<String> wanted = specified.map(TensorNames::withIndex);
    List<NodeDef> resizes =
        graph.nodes().stream()
            .filter(node -> node.getOp().equals("ResizeBilinear"))
            .filter(node -> readsDecoder(graph, node))
            .toList();
    if (resizes.size() == 1) {
      Optional<ImageTensor> found = behindDecoder(graph, resizes.get(0), wanted);
      if (found.isPresent()) {
        return found.get();
      }
    }
    List<NodeDef> placeholders =
        graph.nodes().stream()
            .filter(node -> node.getOp().equals("Placeholder"))
            .filter(node -> NodeDefs.type(node, "dtype") != DataType.DT_STRING)
            .filter(node -> wanted.isEmpty() || wanted.get().equals(node.getName() + ":0"))
            .toList();
    return placeholders.size() == 1
        ? atPlaceholder(graph, placeholders.get(0), wanted)
        : new ImageTensor(
            wanted, Optional.empty(), Optional.empty(), Optional.empty(), "the usual range");
  }

  private static boolean readsDecoder(GraphIndex graph, NodeDef resize) {
    Optional<NodeDef> node = graph.producer(resize.getInput(0));
    Set<String> seen = new HashSet<>();
    while (node.isPresent() && seen.add(node.get().getName())) {
      if (node.get().getOp().startsWith("Decode")) {
        return true;
      }
      node =
          node.get().getInputCount() == 0
              ? Optional.empty()
              : graph.producer(node.get().getInput(0));
    }
    return false;
  }

  /** The graph decodes, resizes and rescales one image itself; these steps are skipped. */
  private static Optional<ImageTensor> behindDecoder(
      GraphIndex graph, NodeDef resize, Optional<String> wanted) {
    List<Rescaling> steps = rescaling(graph, resize.getName());
    Optional<Rescaling> step =
        wanted.isEmpty()
            ? Optional.of(steps.get(steps.size() - 1))
            : steps.stream().filter(one -> wanted.get().equals(one.node() + ":0")).findFirst();
    return step.map(
        one ->
            new ImageTensor(
                Optional.of(one.node() + ":0"),
                size(graph, resize),
                Optional.of(one.mean()),
                Optional.of(one.std()),
                "the graph's own rescaling"));
  }

  /** The graph's arithmetic on color values, step by step; each result can be fed instead. */
  private static List<Rescaling> rescaling(GraphIndex graph, String operation) {
    return Rescaling.after(operation, SAME_VALUES, graph::readers, input -> scalar(graph, input))
        .stream()
        .takeWhile(one -> one.scale() > 0)
        .toList();
  }

  private static Optional<Double> scalar(GraphIndex graph, String input) {
    return graph
        .constant(input)
        .flatMap(ConstantValues::read)
        .filter(values -> values.length == 1)
        .map(values -> values[0]);
  }

  private static Optional<Size> size(GraphIndex graph, NodeDef resize) {
    return graph
        .skipIdentities(resize.getInput(1))
        .filter(node -> node.getOp().equals("Const"))
        .filter(node -> NodeDefs.type(node, "dtype") == DataType.DT_INT32)
        .flatMap(ConstantValues::read)
        .filter(values -> values.length == 2)
        .map(values -> new Size((int) values[0], (int) values[1]));
  }

  private static ImageTensor atPlaceholder(
      GraphIndex graph, NodeDef placeholder, Optional<String> wanted) {
    boolean isFloat = NodeDefs.type(placeholder, "dtype") == DataType.DT_FLOAT;
    List<Rescaling> steps = rescaling(graph, placeholder.getName());
    Rescaling all = steps.get(steps.size() - 1);
    if (!isFloat) {
      return new ImageTensor(
          wanted,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          "a placeholder of integers");
    }
    if (!all.isIdentity()) {
      return all.acceptsBytes()
          ? range(wanted, 0, 1, "the graph rescales values of 0 to 255")
          : range(wanted, 0, 255, "the graph rescales values of 0 to 1");
    }
    return graph.nodes().stream().anyMatch(node -> node.getName().contains("hub_input/"))
        ? range(wanted, 0, 255, "a module of TensorFlow Hub, which accepts values of 0 to 1")
        : range(wanted, 127.5f, 127.5f, "the usual range, -1 to 1");
  }

  private static ImageTensor range(Optional<String> tensor, float mean, float std, String reason) {
    return new ImageTensor(tensor, Optional.empty(), Optional.of(mean), Optional.of(std), reason);
  }

  /** With the user's values instead of the inferred ones. */
  ImageTensor with(ModelHints hints) {
    return new ImageTensor(
        hints.input().or(() -> tensor),
        hints.size().or(() -> size),
        hints.mean().or(() -> mean),
        hints.std().or(() -> std),
        hints.mean().isPresent() || hints.std().isPresent() ? OF_USER : reason);
  }
}

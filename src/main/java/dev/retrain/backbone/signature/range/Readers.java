package dev.retrain.backbone.signature.range;

import dev.retrain.backbone.graph.ConstantValues;
import dev.retrain.backbone.graph.GraphIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** The nodes of a graph, the nodes that read them, and the values of constant expressions. */
final class Readers {
  private static final Set<String> SAME_VALUES =
      Set.of("Identity", "Cast", "Reshape", "Squeeze", "ExpandDims");

  /** Ops that don't change which range the color values have. */
  private static final Set<String> SAME_RANGE =
      Set.of(
          "Identity",
          "Cast",
          "ResizeBilinear",
          "ResizeBicubic",
          "ResizeNearestNeighbor",
          "Pad",
          "PadV2",
          "MirrorPad",
          "Reshape",
          "Squeeze",
          "ExpandDims",
          "Transpose",
          "ReverseV2",
          "StridedSlice",
          "Slice",
          "Minimum",
          "Maximum");

  private static final int CHANNELS = 3;

  /** Expressions are short; graphs of untrusted files may not be. */
  private static final int MAX_DEPTH = 16;

  private final GraphIndex index;

  Readers(GraphDef graph) {
    index = new GraphIndex(graph, Set.of());
  }

  /** The nodes that read a node's outputs, but not only its shape, in the order of the graph. */
  List<NodeDef> of(String operation) {
    return index.readers(operation).stream().filter(node -> !node.getOp().equals("Shape")).toList();
  }

  /** The node that produces an input. */
  Optional<NodeDef> producer(String input) {
    return index.node(GraphIndex.operation(input));
  }

  /** Whether an input of a node is an output of an operation. */
  static boolean isFrom(String input, String operation) {
    return GraphIndex.operation(input).equals(operation);
  }

  /** The arithmetic between an operation and the first layer; empty if there is none. */
  Optional<Rescaling> rescaling(String operation) {
    List<Rescaling> results = Rescaling.after(operation, SAME_RANGE, this::of, this::average);
    return Optional.of(results.get(results.size() - 1)).filter(last -> last.first().isPresent());
  }

  private Optional<Double> average(String input) {
    return constant(input)
        .filter(values -> values.length == 1 || values.length == CHANNELS)
        .map(values -> Arrays.stream(values).average().orElseThrow());
  }

  /** The values of an input that depends only on small constants. */
  Optional<double[]> constant(String input) {
    return constant(input, 0);
  }

  private Optional<double[]> constant(String input, int depth) {
    Optional<NodeDef> found = producer(input);
    if (found.isEmpty() || depth > MAX_DEPTH) {
      return Optional.empty();
    }
    NodeDef node = found.get();
    if (node.getOp().equals("Const")) {
      return ConstantValues.read(node);
    }
    if (node.getInputCount() == 0) {
      return Optional.empty();
    }
    Optional<double[]> first = constant(node.getInput(0), depth + 1);
    if (first.isEmpty() || SAME_VALUES.contains(node.getOp())) {
      return first;
    }
    if (node.getOp().equals("Sqrt") || node.getOp().equals("Rsqrt")) {
      double power = node.getOp().equals("Sqrt") ? 0.5 : -0.5;
      double[] values = first.get().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.pow(values[i], power);
      }
      return Optional.of(values);
    }
    return node.getInputCount() < 2
        ? Optional.empty()
        : constant(node.getInput(1), depth + 1)
            .flatMap(second -> combined(node.getOp(), first.get(), second));
  }

  private static Optional<double[]> combined(String op, double[] a, double[] b) {
    if (a.length != b.length && a.length != 1 && b.length != 1) {
      return Optional.empty();
    }
    double[] values = new double[Math.max(a.length, b.length)];
    for (int i = 0; i < values.length; i++) {
      double x = a[a.length == 1 ? 0 : i];
      double y = b[b.length == 1 ? 0 : i];
      switch (op) {
        case "Add", "AddV2" -> values[i] = x + y;
        case "Sub" -> values[i] = x - y;
        case "Mul" -> values[i] = x * y;
        case "RealDiv", "Div" -> values[i] = x / y;
        case "Maximum" -> values[i] = Math.max(x, y);
        case "Minimum" -> values[i] = Math.min(x, y);
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(values);
  }
}

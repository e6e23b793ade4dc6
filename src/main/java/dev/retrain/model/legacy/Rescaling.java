package dev.retrain.model.legacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * A graph's own arithmetic on color values after a tensor: {@code scale * value + offset}.
 *
 * @param tensor the tensor that has the result, {@code name:0}
 * @param scale factor
 * @param offset summand
 */
record Rescaling(String tensor, double scale, double offset) {
  private static final Set<String> SHAPES =
      Set.of(
          "Cast", "Identity", "ResizeBilinear", "ExpandDims", "Squeeze", "PlaceholderWithDefault");

  /** Networks take at most a few units, so a smaller factor means values of 0 to 255. */
  private static final double FACTOR_OF_BYTES = 0.05;

  /**
   * The results after each step of the arithmetic, until a node that does something else or until
   * several nodes read a result.
   *
   * @param graph the graph
   * @param name the operation with the color values
   */
  static List<Rescaling> after(GraphReaders graph, String name) {
    List<Rescaling> steps = new ArrayList<>(List.of(new Rescaling(name + ":0", 1, 0)));
    Optional<NodeDef> reader = graph.singleReader(name);
    // A graph is untrusted and may have a cycle.
    while (reader.isPresent() && steps.size() <= graph.nodes().size()) {
      Optional<Rescaling> next = steps.get(steps.size() - 1).then(graph, reader.get());
      if (next.isEmpty()) {
        break;
      }
      steps.add(next.get());
      reader = graph.singleReader(reader.get().getName());
    }
    return steps;
  }

  private Optional<Rescaling> then(GraphReaders graph, NodeDef node) {
    String result = node.getName() + ":0";
    if (SHAPES.contains(node.getOp())) {
      return Optional.of(new Rescaling(result, scale, offset));
    }
    if (node.getInputCount() != 2) {
      return Optional.empty();
    }
    Optional<Double> right = graph.scalar(node.getInput(1));
    Optional<Double> left = graph.scalar(node.getInput(0));
    return switch (node.getOp()) {
      case "Mul" -> right.or(() -> left).map(c -> new Rescaling(result, scale * c, offset * c));
      case "Add", "AddV2" ->
          right.or(() -> left).map(c -> new Rescaling(result, scale, offset + c));
      case "Sub" -> right.map(c -> new Rescaling(result, scale, offset - c));
      case "RealDiv", "Div" ->
          right.filter(c -> c != 0).map(c -> new Rescaling(result, scale / c, offset / c));
      default -> Optional.empty();
    };
  }

  boolean isIdentity() {
    return scale == 1 && offset == 0;
  }

  /** Whether it maps 0..255 to the range of a network. */
  boolean takesBytes() {
    return scale < FACTOR_OF_BYTES;
  }

  /** The mean that gives the same result as {@code (value - mean) / std}. */
  float mean() {
    // Not -0.
    return (float) (-offset / scale) + 0f;
  }

  /** The standard deviation that gives the same result as {@code (value - mean) / std}. */
  float std() {
    // Graphs have the reciprocal in single precision: that of 127.5 is not exact.
    float nearest = Math.round(100 / scale) / 100f;
    return (float) (1.0 / nearest) == (float) scale ? nearest : (float) (1 / scale);
  }
}

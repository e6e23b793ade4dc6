package dev.retrain.backbone.signature.range;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * The graph's own scaling of its input: the arithmetic with constants before the first layer,
 * {@code scale * value + offset}.
 *
 * @param scale averaged over the channels
 * @param offset averaged over the channels
 * @param node the name of the first node of the arithmetic
 */
record Rescaling(double scale, double offset, String node) {
  private static final Set<String> PASSED =
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

  private static final Set<String> ARITHMETIC =
      Set.of("Mul", "Add", "AddV2", "Sub", "RealDiv", "Div", "BiasAdd");

  private static final int CHANNELS = 3;
  private static final int MAX_NODES = 64;

  /** What a network takes after its rescaling spans at least this and at most that, halved. */
  private static final double MIN_HALF_WIDTH = 0.25;

  private static final double MAX_HALF_WIDTH = 130;

  /** A range that is scaled to a usual one contains 0 or nearly begins there. */
  private static final double MAX_CENTER = 1.15;

  /** A range must fit better than the others by this to be chosen. */
  private static final double MARGIN = 0.5;

  /**
   * Finds the arithmetic between the input and the first layer.
   *
   * @param readers the graph
   * @param operation the input's operation
   * @return empty if there is none
   */
  static Optional<Rescaling> find(Readers readers, String operation) {
    double scale = 1;
    double offset = 0;
    String first = null;
    String current = operation;
    for (int i = 0; i < MAX_NODES; i++) {
      List<NodeDef> next = readers.of(current);
      if (next.size() != 1) {
        break;
      }
      NodeDef node = next.get(0);
      if (ARITHMETIC.contains(node.getOp())) {
        Optional<double[]> step = step(readers, node, current);
        if (step.isEmpty()) {
          break;
        }
        first = first == null ? node.getName() : first;
        scale *= step.get()[0];
        offset = offset * step.get()[0] + step.get()[1];
      } else if (!PASSED.contains(node.getOp())) {
        break;
      }
      current = node.getName();
    }
    return first == null ? Optional.empty() : Optional.of(new Rescaling(scale, offset, first));
  }

  /** The factor and the summand of a node; empty if the other operand is not a small constant. */
  private static Optional<double[]> step(Readers readers, NodeDef node, String data) {
    if (node.getInputCount() < 2) {
      return Optional.empty();
    }
    boolean isFirst = Readers.isFrom(node.getInput(0), data);
    if (isFirst == Readers.isFrom(node.getInput(1), data)) {
      return Optional.empty();
    }
    Optional<double[]> constant = readers.constant(node.getInput(isFirst ? 1 : 0));
    if (constant.isEmpty()
        || (constant.get().length != 1 && constant.get().length != CHANNELS)
        || (!isFirst && node.getOp().endsWith("Div"))) {
      return Optional.empty();
    }
    double value = Arrays.stream(constant.get()).average().orElseThrow();
    return Optional.of(
        switch (node.getOp()) {
          case "Mul" -> new double[] {value, 0};
          case "RealDiv", "Div" -> new double[] {1 / value, 0};
          case "Sub" -> isFirst ? new double[] {1, -value} : new double[] {-1, value};
          default -> new double[] {1, value};
        });
  }

  /** The range that this arithmetic scales to a usual one; empty if it doesn't say. */
  Optional<ValueRange> takes() {
    boolean onlyScales = Math.abs(offset) < 0.05 * scale;
    if (!(scale > 0) || (onlyScales && scale > 0.05 && scale < 100)) {
      return Optional.empty();
    }
    List<ValueRange> ranked =
        ValueRange.BOUNDS.stream()
            .filter(range -> Double.isFinite(misfit(range)))
            .sorted(Comparator.comparingDouble(this::misfit))
            .toList();
    boolean distinct =
        ranked.size() == 1
            || (ranked.size() > 1 && misfit(ranked.get(1)) - misfit(ranked.get(0)) >= MARGIN);
    return distinct ? Optional.of(ranked.get(0)) : Optional.empty();
  }

  /** How far the scaled range is from -1 to 1; infinite if no network takes it. */
  private double misfit(ValueRange range) {
    double std = range.normalization().std(0);
    double low = -range.normalization().mean(0) / std;
    double halfWidth = scale * 127.5 / std;
    double center = scale * low + offset + halfWidth;
    boolean possible =
        halfWidth >= MIN_HALF_WIDTH
            && halfWidth <= MAX_HALF_WIDTH
            && Math.abs(center) <= MAX_CENTER * halfWidth;
    return possible
        ? Math.abs(Math.log(halfWidth)) + Math.abs(center) / halfWidth
        : Double.POSITIVE_INFINITY;
  }
}

package dev.retrain.backbone.signature.range;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.proto.NodeDef;

/**
 * A graph's own arithmetic with constants on color values: {@code scale * value + offset} up to a
 * node.
 *
 * @param node the name of the node with the result
 * @param first the name of the first node of the arithmetic; empty if there is none
 * @param scale factor
 * @param offset summand
 */
public record Rescaling(String node, Optional<String> first, double scale, double offset) {
  private static final Set<String> ARITHMETIC =
      Set.of("Mul", "Add", "AddV2", "Sub", "RealDiv", "Div", "BiasAdd");

  private static final int MAX_NODES = 64;

  /** Networks accept at most a few units, so a smaller factor means values of 0 to 255. */
  private static final double FACTOR_OF_BYTES = 0.05;

  /** What a network accepts after its rescaling spans at least this and at most that, halved. */
  private static final double MIN_HALF_WIDTH = 0.25;

  private static final double MAX_HALF_WIDTH = 130;

  /** A range that is scaled to a usual one contains 0 or nearly begins there. */
  private static final double MAX_CENTER = 1.15;

  /** A range must fit better than the others by this to be chosen. */
  private static final double MARGIN = 0.5;

  /**
   * The results after each node, until a node does something else or several nodes read a result.
   *
   * @param operation the operation with the color values
   * @param passed ops that don't change the values
   * @param readers finds the nodes that read an operation
   * @param constants finds the constant of an input, averaged if the channels have different ones
   * @return at least the result without any node
   */
  public static List<Rescaling> after(
      String operation,
      Set<String> passed,
      Function<String, List<NodeDef>> readers,
      Function<String, Optional<Double>> constants) {
    Rescaling last = new Rescaling(operation, Optional.empty(), 1, 0);
    List<Rescaling> results = new ArrayList<>(List.of(last));
    // A graph is untrusted and may have a cycle.
    while (results.size() <= MAX_NODES) {
      List<NodeDef> next = readers.apply(last.node());
      if (next.size() != 1) {
        break;
      }
      NodeDef node = next.get(0);
      Optional<Rescaling> result =
          passed.contains(node.getOp())
              ? Optional.of(new Rescaling(node.getName(), last.first, last.scale, last.offset))
              : last.then(node, constants);
      if (result.isEmpty()) {
        break;
      }
      last = result.get();
      results.add(last);
    }
    return results;
  }

  private Optional<Rescaling> then(NodeDef reader, Function<String, Optional<Double>> constants) {
    if (!ARITHMETIC.contains(reader.getOp()) || reader.getInputCount() < 2) {
      return Optional.empty();
    }
    boolean isLeft = GraphIndex.operation(reader.getInput(0)).equals(node);
    if (isLeft == GraphIndex.operation(reader.getInput(1)).equals(node)) {
      return Optional.empty();
    }
    return constants
        .apply(reader.getInput(isLeft ? 1 : 0))
        .flatMap(
            constant ->
                switch (reader.getOp()) {
                  case "Mul" -> result(reader, scale * constant, offset * constant);
                  case "RealDiv", "Div" ->
                      isLeft && constant != 0
                          ? result(reader, scale / constant, offset / constant)
                          : Optional.empty();
                  case "Sub" ->
                      isLeft
                          ? result(reader, scale, offset - constant)
                          : result(reader, -scale, constant - offset);
                  default -> result(reader, scale, offset + constant);
                });
  }

  private Optional<Rescaling> result(NodeDef reader, double newScale, double newOffset) {
    String start = first.orElse(reader.getName());
    return Optional.of(new Rescaling(reader.getName(), Optional.of(start), newScale, newOffset));
  }

  /** Whether there is no arithmetic, or it changes nothing. */
  public boolean isIdentity() {
    return scale == 1 && offset == 0;
  }

  /** Whether it maps 0..255 to the range of a network. */
  public boolean acceptsBytes() {
    return scale < FACTOR_OF_BYTES;
  }

  /** The mean that gives the same result as {@code (value - mean) / std}. */
  public float mean() {
    // Not -0.
    return (float) (-offset / scale) + 0f;
  }

  /** The standard deviation that gives the same result as {@code (value - mean) / std}. */
  public float std() {
    // Graphs have the reciprocal in single precision: that of 127.5 is not exact.
    float nearest = Math.round(100 / scale) / 100f;
    return (float) (1.0 / nearest) == (float) scale ? nearest : (float) (1 / scale);
  }

  /** The range that this arithmetic scales to a usual one; empty if it doesn't say. */
  Optional<ValueRange> inputRange() {
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

  /** How far the scaled range is from -1 to 1; infinite if no network accepts it. */
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

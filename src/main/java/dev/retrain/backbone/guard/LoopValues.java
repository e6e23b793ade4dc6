package dev.retrain.backbone.guard;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/** What the conditions and counters of loops read, with Identity nodes skipped. */
final class LoopValues {
  /** Longest chain of nodes between a value and its reader. */
  private static final int MAX_CHAIN = 1000;

  private static final Set<String> SIZES =
      Set.of("Shape", "ShapeN", "Size", "Rank", "TensorListLength");

  /** Ops whose output is one of the values of their first input. */
  private static final Set<String> SELECTIONS =
      Set.of(
          "StridedSlice", "Slice", "Gather", "GatherV2", "Squeeze", "Unpack", "Cast", "Identity");

  private final Map<String, NodeDef> nodes = new HashMap<>();

  LoopValues(GraphBody body) {
    body.nodes().forEach(node -> nodes.put(node.getName(), node));
  }

  /**
   * A condition {@code smaller < larger}, or {@code smaller <= larger}.
   *
   * @param smaller the input that must be smaller
   * @param larger the input that must be larger
   * @param orEqual whether they may be equal
   */
  record Comparison(String smaller, String larger, boolean orEqual) {}

  /** The node that an input names; null for arguments. */
  NodeDef node(String reading) {
    return nodes.get(GraphIndex.operation(reading));
  }

  /** The output that an input reads, with Identity nodes skipped. */
  String source(String reading) {
    String source = reading;
    for (int i = 0; i < MAX_CHAIN; i++) {
      NodeDef node = node(source);
      if (node == null || !node.getOp().equals("Identity") || node.getInputCount() == 0) {
        return source;
      }
      source = node.getInput(0);
    }
    return source;
  }

  /** The most iterations of a loop that counts to a value that no iteration changes. */
  OptionalLong bound(OptionalLong start, OptionalLong step, String limit, boolean orEqual) {
    return isSize(limit)
        ? LoopBound.ofSize(start, step, orEqual)
        : LoopBound.of(start, integer(limit), step, orEqual);
  }

  /** The node whose output an input reads, with Identity nodes skipped; absent for arguments. */
  Optional<NodeDef> producer(String reading) {
    return Optional.ofNullable(nodes.get(GraphIndex.operation(source(reading))));
  }

  /** The node with at least this number of inputs and this op that an input reads. */
  Optional<NodeDef> producer(String reading, int inputs, String... ops) {
    return producer(reading)
        .filter(node -> node.getInputCount() >= inputs && Set.of(ops).contains(node.getOp()));
  }

  /** The integer constant that an input reads. */
  OptionalLong integer(String reading) {
    return producer(reading, 0, "Const")
        .filter(node -> isInteger(NodeDefs.type(node, "dtype")))
        .flatMap(node -> SizeValues.read(node.getAttrMap().get("value")))
        .filter(values -> values.size() == 1)
        .map(values -> OptionalLong.of(values.get(0).longValue()))
        .orElse(OptionalLong.empty());
  }

  private static boolean isInteger(DataType type) {
    return type == DataType.DT_INT32 || type == DataType.DT_INT64;
  }

  /** Whether an input reads a size of a tensor. */
  boolean isSize(String reading) {
    String source = reading;
    for (int i = 0; i < MAX_CHAIN; i++) {
      NodeDef node = node(source);
      if (node == null || SIZES.contains(node.getOp())) {
        return node != null;
      }
      if (!SELECTIONS.contains(node.getOp()) || node.getInputCount() == 0) {
        return false;
      }
      source = node.getInput(0);
    }
    return false;
  }

  /** Comparisons that all hold while a condition does. */
  List<Comparison> comparisons(String condition) {
    List<Comparison> comparisons = new ArrayList<>();
    Deque<String> open = new ArrayDeque<>(List.of(condition));
    Set<String> visited = new HashSet<>();
    while (!open.isEmpty()) {
      Optional<NodeDef> read = producer(open.remove());
      if (read.isEmpty() || read.get().getInputCount() < 2 || !visited.add(read.get().getName())) {
        continue;
      }
      String first = read.get().getInput(0);
      String second = read.get().getInput(1);
      switch (read.get().getOp()) {
        case "LogicalAnd" -> open.addAll(List.of(first, second));
        case "Less" -> comparisons.add(new Comparison(first, second, false));
        case "LessEqual" -> comparisons.add(new Comparison(first, second, true));
        case "Greater" -> comparisons.add(new Comparison(second, first, false));
        case "GreaterEqual" -> comparisons.add(new Comparison(second, first, true));
        default -> {}
      }
    }
    return comparisons;
  }

  /** The constant that is added to a value; absent if an input reads something else. */
  OptionalLong increment(String reading, Predicate<String> isCounter) {
    Optional<NodeDef> sum = producer(reading, 2, "Add", "AddV2");
    if (sum.isEmpty()) {
      return OptionalLong.empty();
    }
    for (int counter : new int[] {0, 1}) {
      OptionalLong added = integer(sum.get().getInput(1 - counter));
      if (added.isPresent() && isCounter.test(source(sum.get().getInput(counter)))) {
        return added;
      }
    }
    return OptionalLong.empty();
  }
}

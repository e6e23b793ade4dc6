package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * Which nodes of a graph are float32 constants, or arithmetic of constants. Without recursion,
 * because graphs can be deep.
 */
final class ConstantNodes {
  private static final Set<String> ARITHMETIC =
      Set.of("Identity", "Add", "AddV2", "Sub", "Mul", "RealDiv", "Rsqrt", "Sqrt", "Neg");

  private final GraphIndex index;
  private final Set<String> constants = new HashSet<>();
  private final Set<String> others = new HashSet<>();

  ConstantNodes(GraphIndex index) {
    this.index = index;
  }

  /** Whether a node depends only on constants. */
  boolean contains(NodeDef node) {
    Deque<NodeDef> open = new ArrayDeque<>();
    open.push(node);
    while (!open.isEmpty()) {
      NodeDef next = open.element();
      Optional<NodeDef> unknown = classify(next);
      unknown.ifPresentOrElse(open::push, open::pop);
    }
    return constants.contains(node.getName());
  }

  /** Classifies a node, or returns a producer that must be classified first. */
  private Optional<NodeDef> classify(NodeDef node) {
    if (isKnown(node)) {
      return Optional.empty();
    }
    if (!isCandidate(node)) {
      others.add(node.getName());
      return Optional.empty();
    }
    List<Optional<NodeDef>> producers = node.getInputList().stream().map(index::producer).toList();
    boolean other =
        producers.stream()
            .anyMatch(producer -> producer.isEmpty() || others.contains(producer.get().getName()));
    if (other) {
      others.add(node.getName());
      return Optional.empty();
    }
    Optional<NodeDef> unknown =
        producers.stream().flatMap(Optional::stream).filter(one -> !isKnown(one)).findFirst();
    if (unknown.isEmpty()) {
      constants.add(node.getName());
    }
    return unknown;
  }

  private boolean isKnown(NodeDef node) {
    return constants.contains(node.getName()) || others.contains(node.getName());
  }

  private boolean isCandidate(NodeDef node) {
    return !index.isKept(node)
        && !GraphIndex.isControlled(node)
        && (isFloatConstant(node) || isArithmetic(node));
  }

  private static boolean isFloatConstant(NodeDef node) {
    return node.getOp().equals("Const") && NodeDefs.type(node, "dtype") == DataType.DT_FLOAT;
  }

  private static boolean isArithmetic(NodeDef node) {
    return ARITHMETIC.contains(node.getOp()) && NodeDefs.type(node, "T") == DataType.DT_FLOAT;
  }
}

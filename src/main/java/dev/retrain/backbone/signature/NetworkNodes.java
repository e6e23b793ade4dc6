package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.ConstantValues;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** A network's nodes, their readers and the constants among them. */
final class NetworkNodes {
  private static final Set<DataType> FLOATING =
      Set.of(DataType.DT_FLOAT, DataType.DT_HALF, DataType.DT_BFLOAT16, DataType.DT_DOUBLE);

  private static final Set<String> SAME = Set.of("Identity", "Cast");

  private final GraphIndex index;

  NetworkNodes(GraphDef graph) {
    index = new GraphIndex(graph, Set.of());
  }

  /** The nodes that read a node's outputs. */
  List<NodeDef> readers(String name) {
    return index.readers(name).stream()
        .filter(
            reader ->
                reader.getInputList().stream()
                    .anyMatch(
                        input ->
                            !GraphIndex.isControl(input)
                                && GraphIndex.operation(input).equals(name)))
        .toList();
  }

  /** The node that produces a tensor or an input. */
  Optional<NodeDef> producer(String tensor) {
    return index.node(GraphIndex.operation(tensor));
  }

  /** All nodes, in the order of the graph. */
  List<NodeDef> all() {
    return index.nodes();
  }

  /** The first data input of a node. */
  static Optional<String> firstInput(NodeDef node) {
    return node.getInputList().stream().filter(input -> !GraphIndex.isControl(input)).findFirst();
  }

  /** Whether a node's values are floating-point numbers, as far as its attributes say. */
  static boolean isFloating(NodeDef node) {
    String attribute =
        node.getOp().equals("Cast") ? "DstT" : node.containsAttr("T") ? "T" : "dtype";
    return FLOATING.contains(NodeDefs.type(node, attribute));
  }

  /** The names of the nodes that depend on one of these nodes, and these. */
  Set<String> dependingOn(List<String> names) {
    Set<String> found = new HashSet<>(names);
    Deque<String> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      for (NodeDef reader : readers(open.remove())) {
        if (found.add(reader.getName())) {
          open.add(reader.getName());
        }
      }
    }
    return found;
  }

  /** Whether an input depends only on constants. */
  boolean isConstant(String input) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(GraphIndex.operation(input)));
    while (!open.isEmpty()) {
      Optional<NodeDef> node = index.node(open.remove());
      if (node.isEmpty() || node.get().getOp().startsWith("Placeholder")) {
        return false;
      }
      for (String next : node.get().getInputList()) {
        if (seen.add(GraphIndex.operation(next))) {
          open.add(GraphIndex.operation(next));
        }
      }
    }
    return true;
  }

  /** The values of a constant input, through Identity nodes. */
  Optional<double[]> constant(String input) {
    return beforeIdentities(input)
        .filter(found -> found.getOp().equals("Const"))
        .flatMap(ConstantValues::read);
  }

  /** The shape of the constant that an input comes from, through Identity and Cast nodes. */
  Optional<List<Long>> constantShape(String input) {
    return beforeIdentities(input)
        .filter(found -> found.getOp().equals("Const"))
        .map(NodeDefs::shape);
  }

  private Optional<NodeDef> beforeIdentities(String input) {
    Optional<NodeDef> node = producer(input);
    Set<String> seen = new HashSet<>();
    while (node.filter(found -> SAME.contains(found.getOp())).isPresent()
        && seen.add(node.get().getName())) {
      node = firstInput(node.get()).flatMap(this::producer);
    }
    return node;
  }
}

package dev.retrain.backbone.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.util.RetrainException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.NodeDef;

/** Checks names and inputs of nodes; without recursion, because graphs can be deep. */
final class StructureCheck {
  /** The longest name, in bytes; longer ones have crashed readers of graphs. */
  private static final int MAX_NAME = 65_535;

  private final GraphBody body;
  private final Map<String, Integer> positions = new HashMap<>();

  private StructureCheck(GraphBody body) {
    this.body = body;
  }

  /**
   * @throws RetrainException if a name is empty, too long or used twice, an input is missing, or
   *     nodes form a cycle that is not a loop
   */
  static void check(GraphBody body) {
    StructureCheck check = new StructureCheck(body);
    check.checkNames();
    check.checkInputs();
    check.checkCycles();
  }

  private void checkNames() {
    for (int i = 0; i < body.nodes().size(); i++) {
      NodeDef node = body.nodes().get(i);
      if (node.getName().isEmpty() || node.getOp().isEmpty()) {
        throw body.malformed(
            "node %d has no %s".formatted(i, node.getName().isEmpty() ? "name" : "op"));
      }
      checkLength(node, node.getName());
      checkLength(node, node.getOp());
      node.getInputList().forEach(input -> checkLength(node, input));
      node.getAttrMap().keySet().forEach(attribute -> checkLength(node, attribute));
      boolean isDuplicate =
          positions.putIfAbsent(node.getName(), i) != null
              || body.arguments().contains(node.getName());
      if (isDuplicate) {
        throw body.malformed("it has two nodes with the name of " + body.describe(node));
      }
    }
  }

  private void checkLength(NodeDef node, String name) {
    // A char is at most three bytes.
    if (name.length() > MAX_NAME / 3 && name.getBytes(UTF_8).length > MAX_NAME) {
      throw body.malformed(node, "has a name, op, input or attribute of more than 65,535 bytes");
    }
  }

  private void checkInputs() {
    for (NodeDef node : body.nodes()) {
      for (String input : node.getInputList()) {
        String source = GraphIndex.operation(input);
        if (!positions.containsKey(source) && !body.arguments().contains(source)) {
          throw body.malformed(
              node, "reads '%s', which doesn't exist".formatted(SafeText.quote(input)));
        }
      }
    }
  }

  /** Removes nodes whose inputs are all removed; what remains contains a cycle. */
  private void checkCycles() {
    int count = body.nodes().size();
    int[] open = new int[count];
    List<List<Integer>> readers = new ArrayList<>(count);
    body.nodes().forEach(node -> readers.add(new ArrayList<>(2)));
    Deque<Integer> ready = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      for (int source : sources(body.nodes().get(i))) {
        readers.get(source).add(i);
        open[i]++;
      }
      if (open[i] == 0) {
        ready.add(i);
      }
    }
    int removed = 0;
    while (!ready.isEmpty()) {
      removed++;
      for (int reader : readers.get(ready.remove())) {
        if (--open[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (removed < count) {
      throw body.malformed(nodeOnCycle(open), "depends on itself");
    }
  }

  /** Follows inputs that are not removed until a node repeats. */
  private NodeDef nodeOnCycle(int[] open) {
    int current = 0;
    while (open[current] == 0) {
      current++;
    }
    boolean[] visited = new boolean[open.length];
    while (!visited[current]) {
      visited[current] = true;
      current =
          sources(body.nodes().get(current)).stream()
              .filter(source -> open[source] > 0)
              .findFirst()
              .orElseThrow();
    }
    return body.nodes().get(current);
  }

  /** Positions of the nodes that a node reads, except the edge that closes a loop. */
  private List<Integer> sources(NodeDef node) {
    boolean merge = node.getOp().equals("Merge") || node.getOp().equals("RefMerge");
    return node.getInputList().stream()
        .map(GraphIndex::operation)
        .filter(positions::containsKey)
        .map(positions::get)
        .filter(source -> !(merge && body.nodes().get(source).getOp().endsWith("NextIteration")))
        .toList();
  }
}

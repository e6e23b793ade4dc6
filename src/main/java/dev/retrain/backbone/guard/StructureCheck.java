package dev.retrain.backbone.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.util.RetrainException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.tensorflow.proto.NodeDef;

/** Checks names and inputs of nodes; without recursion, because graphs can be deep. */
final class StructureCheck {
  /** The longest name, in bytes; longer ones have crashed readers of graphs. */
  private static final int MAX_NAME = 65_535;

  /** The longest chain of nodes; TensorFlow's own passes are recursive and overflow the stack. */
  private static final int MAX_DEPTH = 2_000;

  private final GraphBody body;
  private final ToIntFunction<NodeDef> calledDepth;
  private final Map<String, Integer> positions = new HashMap<>();

  private StructureCheck(GraphBody body, ToIntFunction<NodeDef> calledDepth) {
    this.body = body;
    this.calledDepth = calledDepth;
  }

  /**
   * Checks the nodes.
   *
   * @param calledDepth depth of the functions that a node calls; 0 if it calls none
   * @return nodes in the longest chain, the nodes of called functions included
   * @throws RetrainException if a name is empty, too long or used twice, an input is missing, nodes
   *     form a cycle that is not a loop, or a chain of nodes is too long
   */
  static int check(GraphBody body, ToIntFunction<NodeDef> calledDepth) {
    StructureCheck check = new StructureCheck(body, calledDepth);
    check.checkNames();
    check.checkInputs();
    return check.depth();
  }

  private void checkNames() {
    for (int i = 0; i < body.nodes().size(); i++) {
      NodeDef node = body.nodes().get(i);
      if (node.getName().isEmpty()) {
        throw body.malformed(String.format(Locale.ROOT, "node %d has no name", i));
      }
      if (node.getOp().isEmpty()) {
        throw body.malformed(node, "has no op");
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
  private int depth() {
    int deepest = 0;
    int count = body.nodes().size();
    int[] open = new int[count];
    int[] depths = new int[count];
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
      int current = ready.remove();
      NodeDef node = body.nodes().get(current);
      depths[current] += 1 + calledDepth.applyAsInt(node);
      deepest = Math.max(deepest, depths[current]);
      if (deepest > MAX_DEPTH) {
        throw body.malformed(
            node, String.format(Locale.ROOT, "ends a chain of more than %,d nodes", MAX_DEPTH));
      }
      for (int reader : readers.get(current)) {
        depths[reader] = Math.max(depths[reader], depths[current]);
        if (--open[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (removed < count) {
      throw body.malformed(nodeOnCycle(open), "depends on itself");
    }
    return deepest;
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
    return node.getInputList().stream()
        .map(GraphIndex::operation)
        .filter(positions::containsKey)
        .map(positions::get)
        .filter(source -> !GraphBody.closesLoop(node, body.nodes().get(source)))
        .toList();
  }
}

package dev.retrain.backbone.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** A graph, indexed: who makes what, and who reads it. */
public final class GraphIndex {
  private final GraphDef definition;
  private final Set<String> kept;
  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final Map<String, List<String>> readings = new HashMap<>();
  private final Set<String> fresh = new HashSet<>();

  /**
   * @param definition the graph
   * @param kept operations that must stay
   */
  public GraphIndex(GraphDef definition, Set<String> kept) {
    this.definition = definition;
    this.kept = kept;
    for (NodeDef node : definition.getNodeList()) {
      nodes.put(node.getName(), node);
      for (String input : node.getInputList()) {
        readings.computeIfAbsent(operation(input), name -> new ArrayList<>()).add(input);
      }
    }
  }

  /** The operation of an input: {@code name}, {@code name:index} or {@code ^name}. */
  public static String operation(String input) {
    String data = isControl(input) ? input.substring(1) : input;
    int colon = data.indexOf(':');
    return colon < 0 ? data : data.substring(0, colon);
  }

  /** Whether an input only says what must run before. */
  public static boolean isControl(String input) {
    return input.startsWith("^");
  }

  /** Whether a node has control inputs. */
  public static boolean isControlled(NodeDef node) {
    return node.getInputList().stream().anyMatch(GraphIndex::isControl);
  }

  public List<NodeDef> nodes() {
    return definition.getNodeList();
  }

  public boolean isKept(NodeDef node) {
    return kept.contains(node.getName());
  }

  /** The node whose first output an input is. */
  public Optional<NodeDef> maker(String input) {
    boolean first = !isControl(input) && (input.indexOf(':') < 0 || input.endsWith(":0"));
    return first ? Optional.ofNullable(nodes.get(operation(input))) : Optional.empty();
  }

  /** The node of this name. */
  public Optional<NodeDef> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** The inputs, anywhere in the graph, that come from a node. */
  public List<String> readings(NodeDef node) {
    return readings.getOrDefault(node.getName(), List.of());
  }

  /** Whether a node serves one other alone, so that it may become something else. */
  public boolean servesOneAlone(NodeDef node) {
    return !isKept(node) && readings(node).size() == 1;
  }

  /** The node whose first output an input is, once {@code Identity} nodes are looked through. */
  public Optional<NodeDef> behindIdentity(String input) {
    return maker(input)
        .flatMap(
            node ->
                node.getOp().equals("Identity") && !isKept(node) && !isControlled(node)
                    ? behindIdentity(node.getInput(0))
                    : Optional.of(node));
  }

  /** The float32 constant that an input is, also through {@code Identity} nodes. */
  public Optional<NodeDef> constant(String input) {
    return behindIdentity(input)
        .filter(node -> node.getOp().equals("Const") && !isKept(node) && !isControlled(node))
        .filter(node -> NodeDefs.type(node, "dtype") == DataType.DT_FLOAT);
  }

  /** A name that nothing has yet; no two calls give the same. */
  public String freshName(String wish) {
    String name = wish;
    for (int i = 1; nodes.containsKey(name) || !fresh.add(name); i++) {
      name = wish + "_" + i;
    }
    return name;
  }

  /**
   * Puts other nodes in the place of some.
   *
   * @param replacements what comes in place of a node, by its name
   * @return the new graph; the old one where there are none
   */
  public GraphDef with(Map<String, List<NodeDef>> replacements) {
    if (replacements.isEmpty()) {
      return definition;
    }
    GraphDef.Builder changed = definition.toBuilder().clearNode();
    for (NodeDef node : definition.getNodeList()) {
      changed.addAllNode(replacements.getOrDefault(node.getName(), List.of(node)));
    }
    return changed.build();
  }
}

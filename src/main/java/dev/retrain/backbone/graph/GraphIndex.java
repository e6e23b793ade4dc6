package dev.retrain.backbone.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** An index of a graph: its nodes by name, and the readers of each node. */
public final class GraphIndex {
  private final GraphDef definition;
  private final Set<String> kept;
  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final Map<String, List<NodeDef>> readers = new HashMap<>();

  /** Results of {@link #skipIdentities} by the name of an Identity node; chains can be long. */
  private final Map<String, Optional<NodeDef>> beforeIdentities = new HashMap<>();

  private final Set<String> newNames = new HashSet<>();

  /**
   * @param definition the graph
   * @param kept names of operations that passes must not remove or change
   */
  public GraphIndex(GraphDef definition, Set<String> kept) {
    this.definition = definition;
    this.kept = kept;
    for (NodeDef node : definition.getNodeList()) {
      nodes.put(node.getName(), node);
      node.getInputList().stream()
          .map(GraphIndex::operation)
          .distinct()
          .forEach(name -> readers.computeIfAbsent(name, key -> new ArrayList<>()).add(node));
    }
  }

  /** The operation name of an input: {@code name}, {@code name:index} or {@code ^name}. */
  public static String operation(String input) {
    return TensorNames.operation(isControl(input) ? input.substring(1) : input);
  }

  /** Whether an input is a control input, {@code ^name}. */
  public static boolean isControl(String input) {
    return input.startsWith("^");
  }

  /** Whether a node has control inputs. */
  public static boolean isControlled(NodeDef node) {
    return node.getInputList().stream().anyMatch(GraphIndex::isControl);
  }

  /** The nodes in the order of the graph. */
  public List<NodeDef> nodes() {
    return definition.getNodeList();
  }

  /** Whether passes must not remove or change a node. */
  public boolean isKept(NodeDef node) {
    return kept.contains(node.getName());
  }

  /** The node whose first output is the input; empty for other outputs and control inputs. */
  public Optional<NodeDef> producer(String input) {
    boolean first = !isControl(input) && (input.indexOf(':') < 0 || input.endsWith(":0"));
    return first ? Optional.ofNullable(nodes.get(operation(input))) : Optional.empty();
  }

  /** The node with this name. */
  public Optional<NodeDef> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** The nodes that have an input from an operation, each once, in the order of the graph. */
  public List<NodeDef> readers(String name) {
    return readers.getOrDefault(name, List.of());
  }

  /** The names of the nodes on which a node depends, and its own. */
  public Set<String> before(String name) {
    return dependencies(nodes, List.of(name), Set.of());
  }

  /**
   * The names of the nodes that tensors depend on, nearest first.
   *
   * @param nodes the nodes by name
   * @param excluded names of nodes that are not followed, nor what they read
   */
  static Set<String> dependencies(
      Map<String, NodeDef> nodes, List<String> tensors, Set<String> excluded) {
    Set<String> needed = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(tensors.stream().map(TensorNames::operation).toList());
    while (!open.isEmpty()) {
      String name = open.remove();
      if (nodes.containsKey(name) && !excluded.contains(name) && needed.add(name)) {
        nodes.get(name).getInputList().stream().map(GraphIndex::operation).forEach(open::add);
      }
    }
    return needed;
  }

  /** All inputs in the graph that refer to a node. */
  public List<String> inputsFrom(NodeDef node) {
    return readers(node.getName()).stream()
        .flatMap(reader -> reader.getInputList().stream())
        .filter(input -> operation(input).equals(node.getName()))
        .toList();
  }

  /** Whether a pass may replace a node: it has exactly one reader and is not kept. */
  public boolean hasSingleReader(NodeDef node) {
    return !isKept(node) && inputsFrom(node).size() == 1;
  }

  /** The {@link #producer} of an input, skipping {@code Identity} nodes. */
  public Optional<NodeDef> skipIdentities(String input) {
    Optional<NodeDef> node = producer(input);
    List<String> skipped = new ArrayList<>();
    while (node.filter(this::isSkipped).isPresent()) {
      String name = node.get().getName();
      Optional<NodeDef> known = beforeIdentities.get(name);
      if (known != null) {
        node = known;
        break;
      }
      skipped.add(name);
      node = producer(node.get().getInput(0));
    }
    for (String name : skipped) {
      beforeIdentities.put(name, node);
    }
    return node;
  }

  private boolean isSkipped(NodeDef node) {
    return node.getOp().equals("Identity") && !isKept(node) && !isControlled(node);
  }

  /** The float32 constant that produces an input, skipping {@code Identity} nodes. */
  public Optional<NodeDef> constant(String input) {
    return skipIdentities(input)
        .filter(node -> node.getOp().equals("Const") && !isKept(node) && !isControlled(node))
        .filter(node -> NodeDefs.type(node, "dtype") == DataType.DT_FLOAT);
  }

  /** An unused name, the preferred one or with a number appended; unique among all calls. */
  public String freshName(String preferred) {
    String name = preferred;
    for (int i = 1; nodes.containsKey(name) || !newNames.add(name); i++) {
      name = preferred + "_" + i;
    }
    return name;
  }

  /**
   * Replaces nodes.
   *
   * @param replacements the nodes that replace a node, by its name; empty lists remove it
   * @return the new graph; the same object if there are no replacements
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

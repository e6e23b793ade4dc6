package dev.retrain.backbone.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * The nodes between the input and the last output of a network, in an order in which each node
 * comes after those that it reads, and the separating ones among them: nodes on which everything
 * later depends and which need nothing else of what is earlier.
 *
 * @param nodes the nodes
 * @param separating names of separating nodes
 */
public record LayerChain(List<NodeDef> nodes, Set<String> separating) {
  public LayerChain {
    nodes = List.copyOf(nodes);
    separating = Collections.unmodifiableSet(new LinkedHashSet<>(separating));
  }

  /**
   * Finds them, up to the unread node that depends on most others.
   *
   * @param graph the nodes of a graph without cycles
   * @param input name of the operation that accepts images
   */
  public static LayerChain find(List<NodeDef> graph, String input) {
    GraphIndex index = index(graph);
    if (index.node(input).isEmpty()) {
      return new LayerChain(List.of(), Set.of());
    }
    Set<String> after = after(index, input);
    String output = input;
    int most = 0;
    for (NodeDef node : graph) {
      if (after.contains(node.getName()) && index.readers(node.getName()).isEmpty()) {
        Set<String> before = index.before(node.getName());
        if (before.size() >= most) {
          most = before.size();
          output = node.getName();
        }
      }
    }
    return find(index, input, output);
  }

  /**
   * Finds them, up to a node.
   *
   * @param graph the nodes of a graph without cycles
   * @param input name of the operation that accepts images
   * @param output name of the last operation; nodes are absent if it doesn't depend on the input
   */
  public static LayerChain find(List<NodeDef> graph, String input, String output) {
    return find(index(graph), input, output);
  }

  private static LayerChain find(GraphIndex index, String input, String output) {
    Set<String> between = index.before(output);
    between.retainAll(after(index, input));
    return between.contains(input)
        ? ordered(index, between, input)
        : new LayerChain(List.of(), Set.of());
  }

  private static GraphIndex index(List<NodeDef> graph) {
    return new GraphIndex(GraphDef.newBuilder().addAllNode(graph).build(), Set.of());
  }

  /** The names of the nodes that depend on a node, and its own. */
  private static Set<String> after(GraphIndex index, String name) {
    Set<String> found = new LinkedHashSet<>(List.of(name));
    Deque<String> open = new ArrayDeque<>(found);
    while (!open.isEmpty()) {
      readers(index, open.remove()).stream().filter(found::add).forEach(open::add);
    }
    return found;
  }

  private static List<String> readers(GraphIndex index, String name) {
    return index.readers(name).stream().map(NodeDef::getName).toList();
  }

  private static Set<String> sources(NodeDef node) {
    Set<String> sources = new LinkedHashSet<>();
    node.getInputList().forEach(name -> sources.add(GraphIndex.operation(name)));
    return sources;
  }

  private static LayerChain ordered(GraphIndex index, Set<String> between, String input) {
    Map<String, Integer> unread = new HashMap<>();
    Map<String, Integer> missing = new HashMap<>();
    for (String name : between) {
      Set<String> within = new HashSet<>(readers(index, name));
      within.retainAll(between);
      unread.put(name, within.size());
      within.forEach(reader -> missing.merge(reader, 1, Integer::sum));
    }
    List<NodeDef> nodes = new ArrayList<>();
    Set<String> separating = new LinkedHashSet<>();
    Set<String> open = new HashSet<>();
    Deque<String> ready = new ArrayDeque<>(List.of(input));
    while (!ready.isEmpty()) {
      String name = ready.remove();
      NodeDef node = index.node(name).orElseThrow();
      nodes.add(node);
      for (String source : sources(node)) {
        if (between.contains(source) && unread.merge(source, -1, Integer::sum) == 0) {
          open.remove(source);
        }
      }
      open.add(name);
      // Nodes that are ready would not depend on this one.
      if (open.size() == 1 && ready.isEmpty()) {
        separating.add(name);
      }
      for (String reader : readers(index, name)) {
        if (between.contains(reader) && missing.merge(reader, -1, Integer::sum) == 0) {
          ready.add(reader);
        }
      }
    }
    return new LayerChain(nodes, separating);
  }
}

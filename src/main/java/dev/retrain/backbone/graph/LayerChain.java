package dev.retrain.backbone.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    Links links = Links.of(graph);
    if (!links.nodes().containsKey(input)) {
      return new LayerChain(List.of(), Set.of());
    }
    Set<String> after = links.after(input);
    String output = input;
    int most = 0;
    for (NodeDef node : graph) {
      if (after.contains(node.getName()) && !links.readers().containsKey(node.getName())) {
        Set<String> before = links.before(node.getName());
        if (before.size() >= most) {
          most = before.size();
          output = node.getName();
        }
      }
    }
    return find(links, input, output);
  }

  /**
   * Finds them, up to a node.
   *
   * @param graph the nodes of a graph without cycles
   * @param input name of the operation that takes images
   * @param output name of the last operation; nodes are absent if it doesn't depend on the input
   */
  public static LayerChain find(List<NodeDef> graph, String input, String output) {
    return find(Links.of(graph), input, output);
  }

  private static LayerChain find(Links links, String input, String output) {
    Set<String> between = links.before(output);
    between.retainAll(links.after(input));
    return between.contains(input)
        ? ordered(links.nodes(), links.readers(), between, input)
        : new LayerChain(List.of(), Set.of());
  }

  /** Nodes by name, and the names of the readers of each. */
  private record Links(Map<String, NodeDef> nodes, Map<String, Set<String>> readers) {
    static Links of(List<NodeDef> graph) {
      Links links = new Links(new HashMap<>(), new HashMap<>());
      for (NodeDef node : graph) {
        links.nodes.put(node.getName(), node);
        for (String source : sources(node)) {
          links.readers.computeIfAbsent(source, name -> new LinkedHashSet<>()).add(node.getName());
        }
      }
      return links;
    }

    Set<String> after(String name) {
      return reachable(name, one -> readers.getOrDefault(one, Set.of()));
    }

    Set<String> before(String name) {
      return reachable(name, one -> nodes.containsKey(one) ? sources(nodes.get(one)) : Set.of());
    }
  }

  private static Set<String> sources(NodeDef node) {
    Set<String> sources = new LinkedHashSet<>();
    node.getInputList().forEach(name -> sources.add(GraphIndex.operation(name)));
    return sources;
  }

  private interface Neighbors {
    Collection<String> of(String name);
  }

  private static Set<String> reachable(String start, Neighbors neighbors) {
    Set<String> found = new LinkedHashSet<>(List.of(start));
    Deque<String> open = new ArrayDeque<>(found);
    while (!open.isEmpty()) {
      for (String next : neighbors.of(open.remove())) {
        if (found.add(next)) {
          open.add(next);
        }
      }
    }
    return found;
  }

  private static LayerChain ordered(
      Map<String, NodeDef> byName,
      Map<String, Set<String>> readers,
      Set<String> between,
      String input) {
    Map<String, Integer> unread = new HashMap<>();
    Map<String, Integer> missing = new HashMap<>();
    for (String name : between) {
      Set<String> within = new HashSet<>(readers.getOrDefault(name, Set.of()));
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
      NodeDef node = byName.get(name);
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
      for (String reader : readers.getOrDefault(name, Set.of())) {
        if (between.contains(reader) && missing.merge(reader, -1, Integer::sum) == 0) {
          ready.add(reader);
        }
      }
    }
    return new LayerChain(nodes, separating);
  }
}

package dev.retrain.backbone.describe;

import dev.retrain.backbone.describe.GraphDescription.Block;
import dev.retrain.backbone.graph.GraphIndex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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
record LayerChain(List<NodeDef> nodes, Set<String> separating) {
  /**
   * Finds them.
   *
   * @param graph the nodes of a graph without cycles
   * @param input name of the operation that accepts images
   */
  static LayerChain find(List<NodeDef> graph, String input) {
    Map<String, NodeDef> byName = new HashMap<>();
    Map<String, Set<String>> readers = new HashMap<>();
    for (NodeDef node : graph) {
      byName.put(node.getName(), node);
      for (String source : sources(node)) {
        readers.computeIfAbsent(source, name -> new LinkedHashSet<>()).add(node.getName());
      }
    }
    if (!byName.containsKey(input)) {
      return new LayerChain(List.of(), Set.of());
    }
    Set<String> after = reachable(input, name -> readers.getOrDefault(name, Set.of()));
    String output = input;
    int most = 0;
    for (NodeDef node : graph) {
      if (after.contains(node.getName()) && !readers.containsKey(node.getName())) {
        Set<String> before = reachable(node.getName(), name -> sources(byName, name));
        if (before.size() >= most) {
          most = before.size();
          output = node.getName();
        }
      }
    }
    Set<String> between = reachable(output, name -> sources(byName, name));
    between.retainAll(after);
    return ordered(byName, readers, between, input);
  }

  private static Set<String> sources(NodeDef node) {
    Set<String> sources = new LinkedHashSet<>();
    node.getInputList().forEach(name -> sources.add(GraphIndex.operation(name)));
    return sources;
  }

  private static Set<String> sources(Map<String, NodeDef> nodes, String name) {
    NodeDef node = nodes.get(name);
    return node == null ? Set.of() : sources(node);
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

  /**
   * The layers between separating nodes. A block ends at the last of them before the next layer.
   *
   * @param costs the costs of nodes
   */
  List<Block> blocks(NodeCosts costs) {
    List<Block> blocks = new ArrayList<>();
    Set<String> counted = new HashSet<>();
    String end = null;
    int layers = 0;
    long parameters = 0;
    long multiplyAdds = 0;
    for (NodeDef node : nodes) {
      if (end != null && NodeCosts.isLayer(node)) {
        blocks.add(new Block(costs.shapes().forBatch(end), layers, parameters, multiplyAdds));
        end = null;
        layers = 0;
        parameters = 0;
        multiplyAdds = 0;
      }
      layers += NodeCosts.isLayer(node) ? 1 : 0;
      multiplyAdds += NodeCosts.isLayer(node) ? costs.multiplyAdds(node).orElse(0L) : 0;
      for (String input : node.getInputList()) {
        parameters +=
            costs
                .index()
                .skipIdentities(input)
                .filter(constant -> counted.add(constant.getName()))
                .map(NodeCosts::parameters)
                .orElse(0L);
      }
      if (layers > 0 && separating.contains(node.getName())) {
        end = node.getName();
      }
    }
    if (end != null) {
      blocks.add(new Block(costs.shapes().forBatch(end), layers, parameters, multiplyAdds));
    }
    return blocks;
  }
}

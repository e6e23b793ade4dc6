package dev.retrain.backbone.describe;

import dev.retrain.backbone.describe.GraphDescription.Block;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.LayerChain;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.signature.GraphSignature.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Describes frozen graphs. */
public final class GraphDescriber {
  /** Shorter vectors are no features. */
  private static final int MIN_FEATURES = 8;

  private static final Set<String> POOLINGS = Set.of("AvgPool", "Mean", "MaxPool", "Max");
  private static final Set<String> CALLS =
      Set.of("PartitionedCall", "StatefulPartitionedCall", "While", "StatelessWhile", "If", "Case");

  private GraphDescriber() {}

  /**
   * Describes a graph.
   *
   * @param graph the graph, which is not run
   * @param input name of the operation that accepts images; absent for the first placeholder
   * @param size the size of images where the graph leaves it open
   * @param refused whether the guard refuses the graph; it is not given to TensorFlow then, and
   *     shapes are unknown
   */
  public static GraphDescription describe(
      GraphDef graph, Optional<String> input, Optional<Size> size, boolean refused) {
    StaticShapes shapes =
        refused
            ? StaticShapes.none("the graph is refused, so it is not loaded")
            : StaticShapes.infer(graph, size);
    GraphIndex index = new GraphIndex(graph, Set.of());
    NodeCosts costs = new NodeCosts(index, shapes);
    List<TensorDescription> inputs = inputs(graph);
    String start =
        input
            .or(() -> inputs.stream().findFirst().map(one -> GraphIndex.operation(one.name())))
            .orElse("");
    LayerChain chain = LayerChain.find(graph.getNodeList(), start);
    List<Block> blocks = LayerBlocks.of(chain, costs);
    long multiplyAdds = 0;
    Set<String> uncounted = new LinkedHashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      if (NodeCosts.isLayer(node)) {
        Optional<Long> count = costs.multiplyAdds(node);
        multiplyAdds += count.orElse(0L);
        if (count.isEmpty()) {
          uncounted.add(node.getOp());
        }
      } else if (CALLS.contains(node.getOp())) {
        uncounted.add(node.getOp());
      }
    }
    return new GraphDescription(
        graph.getNodeCount(),
        graph.getLibrary().getFunctionCount(),
        inputs,
        outputs(graph, shapes),
        features(chain, blocks, shapes),
        blocks,
        ops(graph.getNodeList(), graph.getLibrary().getFunctionList()),
        parameters(graph),
        multiplyAdds,
        List.copyOf(uncounted),
        shapes.problem());
  }

  private static List<TensorDescription> inputs(GraphDef graph) {
    return graph.getNodeList().stream()
        .filter(node -> node.getOp().startsWith("Placeholder"))
        .map(
            node ->
                TensorDescription.of(
                    node.getName() + ":0",
                    NodeDefs.type(node, "dtype"),
                    // Graphs of old versions have a scalar where the shape is unknown.
                    TensorDescription.shape(
                            node.getAttrOrDefault("shape", AttrValue.getDefaultInstance())
                                .getShape())
                        .filter(sizes -> !sizes.isEmpty())))
        .toList();
  }

  private static List<TensorDescription> outputs(GraphDef graph, StaticShapes shapes) {
    Set<String> read = new HashSet<>();
    graph
        .getNodeList()
        .forEach(node -> node.getInputList().forEach(name -> read.add(GraphIndex.operation(name))));
    return graph.getNodeList().stream()
        .filter(node -> !read.contains(node.getName()))
        .filter(node -> !Set.of("Const", "NoOp", "Placeholder").contains(node.getOp()))
        .map(node -> shapes.forBatch(node.getName()))
        .toList();
  }

  /** Poolings and ends of blocks where the number of positions changes, and the last one. */
  private static List<TensorDescription> features(
      LayerChain chain, List<Block> blocks, StaticShapes shapes) {
    Map<String, TensorDescription> lastOfSize = new LinkedHashMap<>();
    blocks.stream()
        .map(Block::end)
        .filter(GraphDescriber::isFeature)
        .forEach(end -> lastOfSize.put(positions(end), end));
    chain.nodes().stream()
        .filter(node -> POOLINGS.contains(node.getOp()))
        .filter(node -> chain.separating().contains(node.getName()))
        .map(node -> shapes.forBatch(node.getName()))
        .filter(GraphDescriber::isFeature)
        .filter(pooled -> positions(pooled).equals("1"))
        .forEach(pooled -> lastOfSize.put("pooled " + pooled.name(), pooled));
    List<String> order = chain.nodes().stream().map(node -> node.getName() + ":0").toList();
    return lastOfSize.values().stream()
        .distinct()
        .sorted(Comparator.comparingInt(feature -> order.indexOf(feature.name())))
        .toList();
  }

  private static boolean isFeature(TensorDescription tensor) {
    List<Long> sizes = tensor.shape().orElse(List.of());
    return sizes.size() >= 2
        && sizes.size() <= 4
        && sizes.get(sizes.size() - 1) >= MIN_FEATURES
        && tensor.type().contains("float");
  }

  private static String positions(TensorDescription tensor) {
    List<Long> sizes = tensor.shape().orElse(List.of());
    long count = 1;
    for (long size : sizes.subList(1, sizes.size() - 1)) {
      count *= size;
    }
    return Long.toString(count);
  }

  /** Number of nodes of each op, the most frequent first. */
  static Map<String, Integer> ops(List<NodeDef> nodes, List<FunctionDef> functions) {
    Map<String, Integer> counts = new TreeMap<>();
    List<NodeDef> all = new ArrayList<>(nodes);
    functions.forEach(function -> all.addAll(function.getNodeDefList()));
    all.forEach(node -> counts.merge(node.getOp(), 1, Integer::sum));
    Map<String, Integer> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private static long parameters(GraphDef graph) {
    return graph.getNodeList().stream().mapToLong(NodeCosts::parameters).sum();
  }
}

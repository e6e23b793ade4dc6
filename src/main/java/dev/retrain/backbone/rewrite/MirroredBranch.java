package dev.retrain.backbone.rewrite;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Adds a branch to a graph that processes every image horizontally flipped, for test-time
 * augmentation. Nodes that depend on the image are copied under a prefixed name; constants are
 * shared. Existing nodes are unchanged.
 */
final class MirroredBranch {
  private static final int WIDTH_DIMENSION = 2;

  /** The attribute of an Enter node that identifies its loop. */
  private static final String LOOP = "frame_name";

  private final GraphDef graph;
  private final String input;
  private final String prefix;

  /** Names of the nodes that depend on the image. */
  private final Set<String> imageDependent = new HashSet<>();

  /**
   * @param graph the frozen graph
   * @param input the input tensor, {@code name:index}; [n, height, width, channels]
   * @param prefix prefix of the names of copied nodes
   */
  MirroredBranch(GraphDef graph, String input, String prefix) {
    this.graph = graph;
    this.input = input;
    this.prefix = prefix;
    Map<String, List<NodeDef>> readers = new HashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      for (String reading : node.getInputList()) {
        readers.computeIfAbsent(GraphIndex.operation(reading), name -> new ArrayList<>()).add(node);
      }
    }
    addDependents(
        graph.getNodeList().stream()
            .filter(node -> node.getInputList().stream().anyMatch(this::isInput))
            .toList(),
        readers);
    // A loop is copied whole, because TensorFlow allows one condition a loop.
    for (List<NodeDef> more = restOfLoops(); !more.isEmpty(); more = restOfLoops()) {
      addDependents(more, readers);
    }
  }

  private void addDependents(List<NodeDef> first, Map<String, List<NodeDef>> readers) {
    Deque<NodeDef> open = new ArrayDeque<>(first);
    while (!open.isEmpty()) {
      NodeDef node = open.remove();
      if (imageDependent.add(node.getName())) {
        open.addAll(readers.getOrDefault(node.getName(), List.of()));
      }
    }
  }

  /** The other Enter nodes of loops with an Enter node that depends on the image. */
  private List<NodeDef> restOfLoops() {
    Set<AttrValue> loops = new HashSet<>();
    List<NodeDef> others = new ArrayList<>();
    for (NodeDef node : graph.getNodeList()) {
      if (node.getOp().equals("Enter") && node.containsAttr(LOOP)) {
        if (imageDependent.contains(node.getName())) {
          loops.add(node.getAttrOrThrow(LOOP));
        } else {
          others.add(node);
        }
      }
    }
    return others.stream().filter(node -> loops.contains(node.getAttrOrThrow(LOOP))).toList();
  }

  private boolean dependsOnImage(String reading) {
    return isInput(reading) || imageDependent.contains(GraphIndex.operation(reading));
  }

  private boolean isInput(String reading) {
    return reading.equals(input) || (reading + ":0").equals(input);
  }

  /** The graph with both branches. */
  GraphDef addToGraph() {
    GraphDef.Builder branches = graph.toBuilder();
    String axis = new GraphIndex(graph, Set.of()).freshName(prefix + "columns");
    branches.addNode(NodeDefs.constant(axis, NodeDefs.ints(List.of(WIDTH_DIMENSION))));
    branches.addNode(
        NodeDefs.floats(prefix + GraphIndex.operation(input), "ReverseV2", input, axis)
            .putAttr("Tidx", NodeDefs.type(DataType.DT_INT32)));
    for (NodeDef node : graph.getNodeList()) {
      if (imageDependent.contains(node.getName())) {
        List<String> readings = node.getInputList().stream().map(this::mirrored).toList();
        NodeDef.Builder copy =
            node.toBuilder().setName(prefix + node.getName()).clearInput().addAllInput(readings);
        if (node.getOp().equals("Enter") && node.containsAttr(LOOP)) {
          ByteString loop = node.getAttrOrThrow(LOOP).getS();
          copy.putAttr(
              LOOP,
              AttrValue.newBuilder().setS(ByteString.copyFromUtf8(prefix).concat(loop)).build());
        }
        branches.addNode(copy);
      }
    }
    return branches.build();
  }

  /** The input of a copied node that corresponds to an input of the original node. */
  private String mirrored(String reading) {
    if (isInput(reading)) {
      return prefix + GraphIndex.operation(input);
    }
    if (!dependsOnImage(reading)) {
      return reading;
    }
    return GraphIndex.isControl(reading) ? "^" + prefix + reading.substring(1) : prefix + reading;
  }
}

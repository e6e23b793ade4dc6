package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * A second network beside a network, with the same weights, that sees every image mirrored, left to
 * right. The first one's nodes stay as they are; those of them that see the image have a twin, the
 * input's gives the mirror image, and constants serve both.
 */
final class MirroredBranch {
  private static final int COLUMNS = 2;

  private final GraphDef graph;
  private final String input;
  private final String prefix;
  private final Set<String> seeing = new HashSet<>();

  /**
   * @param graph the network
   * @param input the tensor images are fed at, {@code name:index}; [n, height, width, channels]
   * @param prefix what a twin's name begins with
   */
  MirroredBranch(GraphDef graph, String input, String prefix) {
    this.graph = graph;
    this.input = input;
    this.prefix = prefix;
    boolean more = true;
    while (more) { // Once and once more where, as usual, nodes follow those they read.
      more = false;
      for (NodeDef node : graph.getNodeList()) {
        more |= node.getInputList().stream().anyMatch(this::sees) && seeing.add(node.getName());
      }
    }
  }

  private boolean sees(String reading) {
    return isInput(reading) || seeing.contains(GraphIndex.operation(reading));
  }

  private boolean isInput(String reading) {
    return reading.equals(input) || (reading + ":0").equals(input);
  }

  /** Both networks. */
  GraphDef both() {
    GraphDef.Builder both = graph.toBuilder();
    String columns = new GraphIndex(graph, Set.of()).freshName(prefix + "columns");
    both.addNode(NodeDefs.constant(columns, columns()));
    both.addNode(
        NodeDefs.floats(prefix + GraphIndex.operation(input), "ReverseV2", input, columns)
            .putAttr("Tidx", NodeDefs.type(DataType.DT_INT32)));
    for (NodeDef node : graph.getNodeList()) {
      if (seeing.contains(node.getName())) {
        List<String> readings = node.getInputList().stream().map(this::twin).toList();
        both.addNode(
            node.toBuilder()
                .setName(prefix + node.getName())
                .clearInput()
                .addAllInput(readings)
                .build());
      }
    }
    return both.build();
  }

  private static TensorProto columns() {
    return TensorProto.newBuilder()
        .setDtype(DataType.DT_INT32)
        .setTensorShape(NodeDefs.shape(1))
        .addIntVal(COLUMNS)
        .build();
  }

  /** What the twin reads where the network reads this. */
  private String twin(String reading) {
    if (isInput(reading)) {
      return prefix + GraphIndex.operation(input);
    }
    if (!sees(reading)) {
      return reading;
    }
    return GraphIndex.isControl(reading) ? "^" + prefix + reading.substring(1) : prefix + reading;
  }
}

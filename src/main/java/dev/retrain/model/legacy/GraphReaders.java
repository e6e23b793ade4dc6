package dev.retrain.model.legacy;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** A graph with the readers of each node. */
final class GraphReaders {
  private final GraphIndex index;
  private final Map<String, List<NodeDef>> readers = new HashMap<>();

  GraphReaders(GraphDef graph) {
    index = new GraphIndex(graph, Set.of());
    for (NodeDef node : graph.getNodeList()) {
      for (String input : node.getInputList()) {
        readers.computeIfAbsent(GraphIndex.operation(input), name -> new ArrayList<>()).add(node);
      }
    }
  }

  GraphIndex index() {
    return index;
  }

  List<NodeDef> nodes() {
    return index.nodes();
  }

  List<NodeDef> readers(String name) {
    return readers.getOrDefault(name, List.of());
  }

  /** The only node that reads an operation. */
  Optional<NodeDef> singleReader(String name) {
    List<NodeDef> all = readers(name);
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  /** The value of a float32 constant with one element. */
  Optional<Double> scalar(String input) {
    return index.constant(input).map(NodeDefs::value).flatMap(GraphReaders::single);
  }

  private static Optional<Double> single(TensorProto value) {
    boolean one = value.getTensorShape().getDimList().stream().allMatch(dim -> dim.getSize() == 1);
    if (!one || value.getDtype() != DataType.DT_FLOAT) {
      return Optional.empty();
    }
    if (value.getFloatValCount() > 0) {
      return Optional.of((double) value.getFloatVal(0));
    }
    return value.getTensorContent().size() == Float.BYTES
        ? Optional.of((double) bytes(value).getFloat())
        : Optional.empty();
  }

  private static ByteBuffer bytes(TensorProto value) {
    return value.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The two values of an int32 constant, such as the size of a resize. */
  Optional<int[]> pair(String input) {
    return index
        .skipIdentities(input)
        .filter(node -> node.getOp().equals("Const"))
        .filter(node -> NodeDefs.type(node, "dtype") == DataType.DT_INT32)
        .map(NodeDefs::value)
        .flatMap(GraphReaders::ints);
  }

  private static Optional<int[]> ints(TensorProto value) {
    if (value.getTensorContent().size() == 2 * Integer.BYTES) {
      ByteBuffer bytes = bytes(value);
      return Optional.of(new int[] {bytes.getInt(), bytes.getInt()});
    }
    return switch (value.getIntValCount()) {
      // TensorProto repeats the last value.
      case 1 -> Optional.of(new int[] {value.getIntVal(0), value.getIntVal(0)});
      case 2 -> Optional.of(new int[] {value.getIntVal(0), value.getIntVal(1)});
      default -> Optional.empty();
    };
  }
}

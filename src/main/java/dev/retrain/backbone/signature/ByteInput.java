package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A graph whose uint8 placeholder is fed with float32 values from 0 to 255, which are rounded.
 *
 * @param graph the changed graph; the placeholder's node is a conversion now
 * @param input the new placeholder, {@code name:0}
 */
record ByteInput(GraphDef graph, String input) {
  /**
   * Inserts the conversion.
   *
   * @param graph the graph
   * @param placeholder its uint8 placeholder
   */
  static ByteInput convert(GraphDef graph, NodeDef placeholder) {
    GraphIndex index = new GraphIndex(graph, Set.of());
    String floats = index.freshName(placeholder.getName() + "_float32");
    String rounded = index.freshName(placeholder.getName() + "_rounded");
    NodeDef fed =
        placeholder.toBuilder()
            .setName(floats)
            .putAttr("dtype", NodeDefs.type(DataType.DT_FLOAT))
            .build();
    NodeDef cast =
        NodeDef.newBuilder()
            .setName(placeholder.getName())
            .setOp("Cast")
            .addInput(rounded)
            .putAttr("SrcT", NodeDefs.type(DataType.DT_FLOAT))
            .putAttr("DstT", NodeDefs.type(DataType.DT_UINT8))
            .build();
    return new ByteInput(
        index.with(
            Map.of(
                placeholder.getName(),
                List.of(fed, NodeDefs.floats(rounded, "Round", floats).build(), cast))),
        floats + ":0");
  }
}

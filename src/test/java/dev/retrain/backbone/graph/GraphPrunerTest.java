package dev.retrain.backbone.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;

class GraphPrunerTest {
  private static final GraphDef GRAPH =
      GraphDef.newBuilder()
          .addNode(placeholder("images", 1, 8, 8, 3))
          .addNode(node("weights", "Const"))
          .addNode(node("unused", "Const"))
          .addNode(node("conv", "Conv2D", "images", "weights"))
          .addNode(node("numbers", "CheckNumerics", "conv"))
          .addNode(node("split", "Split", "conv", "^numbers"))
          .addNode(node("pool", "AvgPool", "split:1"))
          .addNode(node("logits", "MatMul", "pool", "unused"))
          .addNode(placeholder("rate", 1))
          .setVersions(VersionDef.newBuilder().setProducer(8).setMinConsumer(3))
          .build();

  private static NodeDef node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs)).build();
  }

  private static NodeDef placeholder(String name, long... shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (long size : shape) {
      dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return node(name, "Placeholder").toBuilder()
        .putAttr("shape", AttrValue.newBuilder().setShape(dims).build())
        .build();
  }

  private static List<String> names(GraphDef graph) {
    return graph.getNodeList().stream().map(NodeDef::getName).toList();
  }

  private static List<Long> shape(GraphDef graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .flatMap(node -> node.getAttrOrThrow("shape").getShape().getDimList().stream())
        .map(TensorShapeProto.Dim::getSize)
        .toList();
  }

  @Test
  void onlyAncestorsAreKeptInOrder() {
    assertThat(names(GraphPruner.keep(GRAPH, List.of("conv:0"))))
        .containsExactly("images", "weights", "conv");
  }

  @Test
  void controlInputsAndLaterOutputsAreFollowed() {
    assertThat(names(GraphPruner.keep(GRAPH, List.of("pool:0"))))
        .containsExactly("images", "weights", "conv", "numbers", "split", "pool");
  }

  @Test
  void severalTensorsKeepTheAncestorsOfAll() {
    assertThat(names(GraphPruner.keep(GRAPH, List.of("unused", "conv:0"))))
        .containsExactly("images", "weights", "unused", "conv");
  }

  @Test
  void onlyTheBatchDimensionBecomesVariable() {
    assertThat(shape(GraphPruner.keep(GRAPH, List.of("pool:0")), "images"))
        .containsExactly(-1L, 8L, 8L, 3L);
  }

  @Test
  void otherPlaceholdersKeepTheirShape() {
    assertThat(shape(GraphPruner.keep(GRAPH, List.of("rate:0")), "rate")).containsExactly(1L);
  }

  @Test
  void otherNodesAndVersionsAreUnchanged() {
    GraphDef kept = GraphPruner.keep(GRAPH, List.of("pool:0"));
    assertThat(kept.getVersions()).isEqualTo(GRAPH.getVersions());
    assertThat(kept.getNodeList().subList(1, 6))
        .containsExactly(
            GRAPH.getNode(1),
            GRAPH.getNode(3),
            GRAPH.getNode(4),
            GRAPH.getNode(5),
            GRAPH.getNode(6));
  }
}

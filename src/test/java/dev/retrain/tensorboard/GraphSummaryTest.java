package dev.retrain.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

class GraphSummaryTest {
  /** {@code vector = input * [[1, 2, 3], [4, 5, 6]]}, and a large constant beside. */
  private static GraphDef network() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> input =
          tf.withName("input").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
      tf.withName("vector")
          .linalg
          .matMul(input, tf.withName("small").constant(new float[][] {{1, 2, 3}, {4, 5, 6}}));
      tf.withName("negative").math.neg(tf.withName("large").constant(new float[1000]));
      return graph.toGraphDef();
    }
  }

  /** {@code out = 10 * vectors}. */
  private static GraphDef training() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> vectors =
          tf.withSubScope("input")
              .withName("bottleneck")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 3)));
      tf.withName("out").math.mul(vectors, tf.withName("ten").constant(10f));
      return graph.toGraphDef();
    }
  }

  private static NodeDef node(GraphDef graph, String name) {
    List<NodeDef> found =
        graph.getNodeList().stream().filter(node -> node.getName().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static Set<String> names(GraphDef graph) {
    return graph.getNodeList().stream().map(NodeDef::getName).collect(Collectors.toSet());
  }

  @Test
  void valueOfLargeConstantIsRemoved() {
    NodeDef before = node(network(), "large");
    NodeDef after = node(GraphSummary.withoutWeights(network()), "large");

    assertThat(before.containsAttr("value")).isTrue();
    assertThat(after).isEqualTo(before.toBuilder().removeAttr("value").build());
  }

  @Test
  void otherNodesAreUnchanged() {
    GraphDef before = network();
    GraphDef after = GraphSummary.withoutWeights(before);

    assertThat(names(after)).isEqualTo(names(before));
    assertThat(node(after, "small").getAttrOrThrow("value").hasTensor()).isTrue();
    assertThat(after.getNodeList())
        .filteredOn(node -> !node.getName().equals("large"))
        .containsExactlyElementsOf(
            before.getNodeList().stream().filter(n -> !n.getName().equals("large")).toList());
    assertThat(after.getVersions()).isEqualTo(before.getVersions());
    assertThat(after.getSerializedSize()).isLessThan(before.getSerializedSize() / 2);
  }

  @Test
  void connectedGraphHasAllNodes() {
    GraphDef joined = GraphSummary.connected(network(), "vector", training(), "input/bottleneck");

    assertThat(joined.getNodeList()).extracting(NodeDef::getName).doesNotHaveDuplicates();
    assertThat(names(joined)).containsAll(names(network())).containsAll(names(training()));
    assertThat(names(joined))
        .containsAll(
            joined.getNodeList().stream()
                .flatMap(node -> node.getInputList().stream())
                .map(input -> input.replaceFirst("^\\^", "").replaceFirst(":\\d+$", ""))
                .toList());
    assertThat(node(joined, "input/bottleneck").getInputList()).containsExactly("vector");
    assertThat(node(joined, "large").containsAttr("value")).isFalse();
  }

  @Test
  void connectedGraphLeadsFromImagesToTrainingOutput() {
    GraphDef joined = GraphSummary.connected(network(), "vector", training(), "input/bottleneck");
    GraphDef.Builder runnable = joined.toBuilder().clearNode();
    joined.getNodeList().stream()
        .filter(node -> !Set.of("large", "negative").contains(node.getName()))
        .forEach(runnable::addNode);

    try (Graph graph = new Graph()) {
      graph.importGraphDef(runnable.build());
      try (Session session = new Session(graph);
          TFloat32 input = TFloat32.tensorOf(StdArrays.ndCopyOf(new float[][] {{1, 10}}));
          Result result = session.runner().feed("input", input).fetch("out").run()) {
        float[][] out = StdArrays.array2dCopyOf((TFloat32) result.get(0));
        assertThat(out[0]).containsExactly(410, 520, 630);
      }
    }
  }
}

package dev.retrain.backbone.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Chains of nodes as long as the limit, and much longer ones. */
class DeepGraphTest {
  private static final int DEPTH = 1_990;

  /** Each reads the one before; the first reads {@code start}. */
  private static List<NodeDef> chain(String op, String start, int length) {
    List<NodeDef> nodes = new ArrayList<>();
    String last = start;
    for (int i = 0; i < length; i++) {
      String name = op + i;
      nodes.add(NodeDefs.floats(name, op, last).build());
      last = name;
    }
    return nodes;
  }

  private static void assertRuns(
      HostileGraph graph, List<NodeDef> chain, boolean reversed, boolean optimized) {
    List<NodeDef> nodes = new ArrayList<>(chain);
    if (reversed) {
      Collections.reverse(nodes);
    }
    nodes.forEach(node -> graph.add(node.toBuilder()));
    GraphDef definition = graph.build();
    Backbone backbone =
        new Backbone(
                "deep.pb",
                definition,
                "ab12",
                "images:0",
                List.of("pool:0"),
                new Preprocessing(4, 4, 0, 1))
            .with(new ComputeOptions(optimized, Precision.FLOAT32))
            .withMirrored(reversed);
    try (BackboneSession session = new BackboneSession(backbone)) {
      assertThat(session.vectorLength()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Identity, false, true",
    "Identity, true, false",
    "StopGradient, false, true",
    "Relu, true, true",
  })
  void chainOfTheImagesRuns(String op, boolean reversed, boolean optimized) {
    HostileGraph graph = new HostileGraph().poolFrom(op + (DEPTH - 1));
    assertRuns(graph, chain(op, "images", DEPTH), reversed, optimized);
  }

  @ParameterizedTest
  @CsvSource({"Identity, false", "Neg, true"})
  void chainOfAConstantRuns(String op, boolean reversed) {
    HostileGraph graph =
        new HostileGraph()
            .add(HostileGraph.floats("c"))
            .add(NodeDefs.floats("sum", "Add", "images", op + (DEPTH - 1)))
            .poolFrom("sum");
    assertRuns(graph, chain(op, "c", DEPTH), reversed, true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chainOf100000NodesIsRefused(boolean trusted) {
    HostileGraph graph = new HostileGraph().poolFrom("Identity99999");
    chain("Identity", "images", 100_000).forEach(node -> graph.add(node.toBuilder()));
    GraphDef definition = graph.build();
    assertThatThrownBy(() -> GraphGuard.check("deep.pb", definition, trusted))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("2,000");
  }

  @Test
  void depthOfCalledFunctionsCounts() {
    HostileGraph graph = new HostileGraph();
    NodeDef.Builder[] nodes =
        chain("Identity", "x", 100).stream()
            .map(NodeDef::toBuilder)
            .toArray(NodeDef.Builder[]::new);
    graph.function(HostileGraph.function("f", nodes));
    graph.run(HostileGraph.call("call0", "f"));
    for (int i = 1; i < 60; i++) {
      graph.run(HostileGraph.call("call" + i, "f").addInput("^call" + (i - 1)));
    }
    assertThatThrownBy(() -> GraphGuard.check("deep.pb", graph.build(), false))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("2,000");
  }
}

package dev.retrain.backbone.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.image.Preprocessing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Chains of 100,000 nodes. */
class DeepGraphTest {
  private static final int DEPTH = 100_000;

  /** Each reads the one before; the first reads {@code start}. */
  private static List<NodeDef> chain(String op, String start) {
    List<NodeDef> nodes = new ArrayList<>();
    String last = start;
    for (int i = 0; i < DEPTH; i++) {
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
    assertRuns(graph, chain(op, "images"), reversed, optimized);
  }

  @ParameterizedTest
  @CsvSource({"Identity, false", "Neg, true"})
  void chainOfAConstantRuns(String op, boolean reversed) {
    HostileGraph graph =
        new HostileGraph()
            .add(HostileGraph.floats("c"))
            .add(NodeDefs.floats("sum", "Add", "images", op + (DEPTH - 1)))
            .poolFrom("sum");
    assertRuns(graph, chain(op, "c"), reversed, true);
  }
}

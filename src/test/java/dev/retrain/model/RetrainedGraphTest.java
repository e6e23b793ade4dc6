package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.Metrics;
import dev.retrain.testing.FixedVectors;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

class RetrainedGraphTest {
  private static final FixedVectors VECTORS = FixedVectors.clustered(1, 50, 6, 4, 1);

  private static DenseWeights layer(Random random, int inputs, int outputs) {
    float[] weights = new float[inputs * outputs];
    float[] biases = new float[outputs];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < outputs; i++) {
      biases[i] = (float) random.nextGaussian();
    }
    return new DenseWeights(inputs, outputs, weights, biases);
  }

  @Test
  void severalLayersEqualTheEvaluator() {
    Random random = new Random(2);
    Head head = new Head(List.of(layer(random, 6, 9), layer(random, 9, 5), layer(random, 5, 4)));
    RetrainedGraph written = RetrainedGraph.build(head, "output");

    double loss = 0;
    int correct = 0;
    try (Graph graph = new Graph()) {
      graph.importGraphDef(written.definition());
      try (Session session = new Session(graph);
          TFloat32 fed = TFloat32.tensorOf(StdArrays.ndCopyOf(VECTORS.rows()));
          Result result =
              session.runner().feed(RetrainedGraph.VECTORS, fed).fetch("output:0").run()) {
        TFloat32 probabilities = (TFloat32) result.get(0);
        for (int row = 0; row < VECTORS.count(); row++) {
          float own = probabilities.getFloat(row, VECTORS.label(row));
          loss -= Math.log(own) / VECTORS.count();
          boolean best = true;
          for (int c = 0; c < 4; c++) {
            best &= probabilities.getFloat(row, c) <= own;
          }
          correct += best ? 1 : 0;
        }
      }
    }
    Metrics test =
        Metrics.compute(Evaluator.evaluate(head, List.of("a", "b", "c", "d"), VECTORS, 50));

    assertThat(test.accuracy()).isStrictlyBetween(0.0, 1.0).isEqualTo(correct / 50.0);
    assertThat(test.loss()).isCloseTo(loss, Offset.offset(1e-5));
  }

  @Test
  void nodeNamesOfOneLayerAreStable() {
    RetrainedGraph written =
        RetrainedGraph.build(new Head(layer(new Random(1), 6, 4)), "final_result");

    assertThat(written.definition().getNodeList())
        .extracting(NodeDef::getName)
        .containsExactly(
            "input/BottleneckInputPlaceholder",
            "final_layer/weights",
            "final_layer/biases",
            "final_layer/MatMul",
            "final_layer/pre_activations",
            "final_result");
  }
}

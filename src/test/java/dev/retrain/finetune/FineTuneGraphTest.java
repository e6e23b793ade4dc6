package dev.retrain.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.finetune.graph.FineTuneGraph;
import dev.retrain.finetune.graph.FineTuneGraph.Updates;
import dev.retrain.finetune.graph.FineTuneOptimizer;
import dev.retrain.finetune.graph.VariableSnapshot;
import dev.retrain.finetune.image.ImageDistortions;
import dev.retrain.finetune.input.BatchInputs;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.network.Moments;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.finetune.network.TrainableNetworkBuilder;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.util.TensorFlowRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

class FineTuneGraphTest {
  private static final int IMAGES = 12;
  private static final int[] ALL = IntStream.range(0, IMAGES).toArray();
  private static final FineTuneOptimizer PLAIN = new FineTuneOptimizer.Sgd(0);

  @TempDir private static Path directory;
  private static SmallTraining training;

  @BeforeAll
  static void create() throws IOException {
    training = SmallTraining.create(directory, IMAGES);
  }

  @AfterAll
  static void close() throws IOException {
    training.close();
  }

  private static Updates updates(double averageDecay, double clipNorm, int batches) {
    return new Updates(PLAIN, 0, averageDecay, clipNorm, 1, batches);
  }

  private static BatchTensors batch(int... images) {
    FineTuneOptions options =
        FineTuneOptions.builder(IMAGES).distortions(ImageDistortions.NONE).build();
    return training.batches(options).build(images, images[0], 0);
  }

  private static FineTuneGraph start(TrainableNetwork network, Head head, Updates updates) {
    FineTuneGraph graph =
        new FineTuneGraph(
            network,
            SmallTraining.INPUT,
            SmallTraining.VECTOR,
            new BatchInputs(SmallTraining.PREPROCESSING, Set.of()),
            head,
            updates,
            FineTuner.session(2));
    List<Moments> moments =
        network.normalizations().stream()
            .map(
                normalization -> {
                  int channels = normalization.name().equals("BiasAdd") ? 5 : 6;
                  float[] variance = new float[channels];
                  Arrays.fill(variance, 0.5f);
                  return new Moments(new float[channels], variance);
                })
            .toList();
    graph.start(network.initialValues(moments), head);
    return graph;
  }

  private static TrainableNetwork network(String... fixed) {
    return TrainableNetworkBuilder.build(SmallTraining.network(), Set.of(fixed));
  }

  private static Head head(Objective objective) {
    return new Head(SmallTraining.head().layers(), objective);
  }

  private static Map<String, float[]> values(FineTuneGraph graph) {
    try (VariableSnapshot snapshot = graph.snapshot()) {
      return snapshot.values();
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "0.01"})
  void accumulatedBatchesEqualALargeOne(double clipNorm) {
    // Without normalization, whose moments are those of the small batches.
    TrainableNetwork network = network("BiasAdd", "BiasAdd_1");
    Head head = SmallTraining.head();
    try (FineTuneGraph whole = start(network, head, updates(0, clipNorm, 1));
        FineTuneGraph parts = start(network, head, updates(0, clipNorm, 3));
        BatchTensors all = batch(ALL);
        BatchTensors first = batch(0, 1, 2, 3);
        BatchTensors second = batch(4, 5, 6, 7);
        BatchTensors third = batch(8, 9, 10, 11)) {
      Map<String, float[]> before = values(whole);
      for (int step = 0; step < 2; step++) {
        var expected = whole.update(all, step, 0.1f);
        double loss = parts.accumulate(first).loss() + parts.accumulate(second).loss();
        var last = parts.update(third, step, 0.1f);
        assertThat((loss + last.loss()) / 3).isCloseTo(expected.loss(), Offset.offset(1e-6));
        assertThat(last.gradientNorm()).isCloseTo(expected.gradientNorm(), Offset.offset(1e-5f));
      }
      Map<String, float[]> values = values(parts);
      values(whole)
          .forEach(
              (name, value) ->
                  assertThat(values.get(name)).as(name).contains(value, Offset.offset(1e-6f)));
      assertThat(values.get("head_layer_0/weights"))
          .isNotEqualTo(before.get("head_layer_0/weights"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsEqualDifferencesOfTheSmoothedLoss(Objective objective) {
    try (FineTuneGraph graph = start(network(), head(objective), updates(0, 0, 1));
        BatchTensors batch = batch(ALL)) {
      Map<String, float[]> before = values(graph);
      graph.update(batch, 0, 1);
      Map<String, float[]> after = values(graph);
      for (String name :
          List.of(
              "head_layer_0/weights", "head_layer_0/biases", "BiasAdd/gamma", "BiasAdd_1/beta")) {
        float[] value = before.get(name);
        for (int i = 0; i < 3; i++) {
          // So small that few activations pass the bends of a ReLU.
          float h = 0.001f;
          double difference =
              (loss(graph, batch, before, name, i, h) - loss(graph, batch, before, name, i, -h))
                  / (2 * h);
          assertThat((double) value[i] - after.get(name)[i])
              .as("%s %s", name, i)
              .isCloseTo(difference, Offset.offset(2e-4 + 0.01 * Math.abs(difference)));
        }
      }
    }
  }

  private static double loss(
      FineTuneGraph graph,
      BatchTensors batch,
      Map<String, float[]> values,
      String name,
      int index,
      float change) {
    Map<String, float[]> changed = new HashMap<>(values);
    changed.computeIfPresent(name, (key, value) -> value.clone())[index] += change;
    graph.restore(changed);
    return graph.update(batch, 0, 0).loss();
  }

  /** Also for 2 images, where Bessel's correction of the moments would be seen. */
  @ParameterizedTest
  @CsvSource({
    "SINGLE_LABEL, 0, 12",
    "SINGLE_LABEL, 0, 2",
    "SINGLE_LABEL, 0.5, 12",
    "MULTI_LABEL, 0, 12"
  })
  void foldedNetworkComputesWhatTheTrainedOneDoes(
      Objective objective, double averageDecay, int images) throws IOException {
    TrainableNetwork network = network();
    int[] chosen = IntStream.range(0, images).toArray();
    try (FineTuneGraph graph = start(network, head(objective), updates(averageDecay, 0, 1));
        BatchTensors batch = batch(chosen)) {
      for (int step = 0; step < 3; step++) {
        graph.update(batch, step, 0.05f);
      }
      GraphDef folded;
      Map<String, float[]> evaluated;
      Map<String, float[]> all;
      try (VariableSnapshot snapshot = graph.snapshot()) {
        evaluated = graph.evaluated(snapshot);
        all = snapshot.values();
        folded = network.withValues(evaluated, graph.moments(batch, snapshot));
        // A later update does not change the snapshot.
        graph.update(batch, 3, 0.5f);
        assertThat(snapshot.values("BiasAdd/gamma")).isEqualTo(all.get("BiasAdd/gamma"));
        assertThat(values(graph).get("BiasAdd/gamma")).isNotEqualTo(all.get("BiasAdd/gamma"));
      }
      all.putAll(evaluated);
      graph.restore(all);
      double expected = graph.update(batch, 0, 0).loss();
      assertThat(loss(folded, graph.head(evaluated), batch))
          .isCloseTo(expected, Offset.offset(2e-5));
    }
  }

  /** The mean loss of the frozen network, in plain arithmetic. */
  private static double loss(GraphDef network, Head head, BatchTensors batch) {
    int count = (int) batch.targets().shape().get(0);
    float[] vectors = vectors(network, count);
    DenseWeights dense = head.layers().get(0);
    double sum = 0;
    for (int n = 0; n < count; n++) {
      double[] logits = new double[dense.outputs()];
      double exponentials = 0;
      for (int c = 0; c < logits.length; c++) {
        logits[c] = dense.biases()[c];
        for (int i = 0; i < dense.inputs(); i++) {
          logits[c] += vectors[n * dense.inputs() + i] * dense.weights()[i * dense.outputs() + c];
        }
        exponentials += Math.exp(logits[c]);
      }
      for (int c = 0; c < logits.length; c++) {
        double smoothed = 0.1 / 3 + (n % 3 == c ? 0.9 : 0);
        double probability = 1 / (1 + Math.exp(-logits[c]));
        sum -=
            head.objective() == Objective.SINGLE_LABEL
                ? smoothed * (logits[c] - Math.log(exponentials))
                : (smoothed * Math.log(probability) + (1 - smoothed) * Math.log(1 - probability))
                    / 3;
      }
    }
    return sum / count;
  }

  private static float[] vectors(GraphDef network, int count) {
    int size = SmallTraining.SIZE;
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      graph.importGraphDef(network);
      try (Session session = new Session(graph);
          TFloat32 images =
              TFloat32.tensorOf(
                  Shape.of(count, size, size, 3), DataBuffers.of(SmallTraining.normalized(count)));
          Result result =
              session
                  .runner()
                  .feed(SmallTraining.INPUT, images)
                  .fetch(SmallTraining.VECTOR)
                  .run()) {
        float[] vectors = new float[(int) result.get(0).shape().size()];
        result.get(0).asRawTensor().data().asFloats().read(vectors);
        return vectors;
      }
    }
  }

  @Test
  void weightNormIsThatOfAllTrainedValues() {
    try (FineTuneGraph graph = start(network(), SmallTraining.head(), updates(0.5, 0, 1))) {
      double squares = 0;
      try (VariableSnapshot snapshot = graph.snapshot()) {
        for (float[] value : graph.evaluated(snapshot).values()) {
          for (float one : value) {
            squares += (double) one * one;
          }
        }
      }
      assertThat((double) graph.weightNorm()).isCloseTo(Math.sqrt(squares), Offset.offset(1e-5));
    }
  }
}

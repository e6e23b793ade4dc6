package dev.retrain.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.finetune.graph.FineTuneGraph;
import dev.retrain.finetune.graph.FineTuneGraph.StepMetrics;
import dev.retrain.finetune.graph.FineTuneGraph.Updates;
import dev.retrain.finetune.graph.FineTuneOptimizer;
import dev.retrain.finetune.graph.VariableSnapshot;
import dev.retrain.finetune.image.ImageDistortions;
import dev.retrain.finetune.image.ImageTargets;
import dev.retrain.finetune.input.BatchInputs;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.network.Moments;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.finetune.network.TrainableNetworkBuilder;
import dev.retrain.testing.PythonClient;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loss, metric and gradients of a batch of weighted images with any number of classes, compared
 * with Keras, scikit-learn and Python's TensorFlow.
 */
class MultiLabelLossTest {
  private static final double SMOOTHING = 0.1;
  private static final int[][] LABELS = {{}, {0}, {1}, {1, 2}, {0, 1, 2}, {0, 2}, {2}, {1}};
  private static final float[] WEIGHTS = {0.5f, 1, 1, 2, 0.5f, 1, 1.5f, 0.5f};

  @TempDir private Path directory;

  @Test
  void lossMetricAndGradientsEqualPythons() throws IOException {
    PythonClient python = PythonClient.require();
    TrainableNetwork network = TrainableNetworkBuilder.build(SmallTraining.network(), Set.of());
    List<Moments> moments = List.of(moments(5), moments(6));
    Head head = new Head(SmallTraining.head().layers(), Objective.MULTI_LABEL);
    Map<String, float[]> before;
    Map<String, float[]> after;
    StepMetrics metrics;
    try (SmallTraining training =
            SmallTraining.create(
                Files.createDirectory(directory.resolve("images")), LABELS.length);
        FineTuneGraph graph = graph(network, head);
        BatchTensors batch = batch(training)) {
      graph.start(network.initialValues(moments), head);
      before = values(graph);
      metrics = graph.update(batch, 0, 1);
      after = values(graph);
    }
    Files.write(
        directory.resolve("graph.pb"),
        TestNetworks.withConstants(network, network.initialValues(moments)).toByteArray());

    JsonNode expected = python.run("multi_label_loss.py", request(network, head));

    assertThat((double) metrics.loss()).isCloseTo(expected.get("loss").asDouble(), within(1e-6));
    assertThat((double) metrics.accuracy())
        .isCloseTo(expected.get("average_precision").asDouble(), within(1e-6));
    assertThat(expected.get("gradients")).hasSize(before.size());
    double squares = 0;
    for (String name : before.keySet()) {
      JsonNode gradient = expected.get("gradients").get(name);
      for (int i = 0; i < gradient.size(); i++) {
        double value = gradient.get(i).asDouble();
        squares += value * value;
        assertThat((double) before.get(name)[i] - after.get(name)[i])
            .as("%s %s", name, i)
            .isCloseTo(value, within(1e-6 + 1e-4 * Math.abs(value)));
      }
    }
    assertThat((double) metrics.gradientNorm()).isCloseTo(Math.sqrt(squares), within(1e-5));
  }

  private static Moments moments(int channels) {
    float[] variance = new float[channels];
    Arrays.fill(variance, 0.5f);
    return new Moments(new float[channels], variance);
  }

  private static FineTuneGraph graph(TrainableNetwork network, Head head) {
    return new FineTuneGraph(
        network,
        SmallTraining.INPUT,
        SmallTraining.VECTOR,
        new BatchInputs(SmallTraining.PREPROCESSING, Set.of()),
        head,
        new Updates(new FineTuneOptimizer.Sgd(0), 0, 0, 0, 1, 1),
        FineTuner.session(2));
  }

  private static BatchTensors batch(SmallTraining training) {
    FineTuneOptions options =
        FineTuneOptions.builder(LABELS.length).distortions(ImageDistortions.NONE).build();
    ImageTargets targets =
        new ImageTargets(
            LABELS, SmallTraining.CLASSES, Objective.MULTI_LABEL, SMOOTHING, Optional.of(WEIGHTS));
    return training
        .batches(options, targets)
        .build(IntStream.range(0, LABELS.length).toArray(), 0, 0);
  }

  private static Map<String, float[]> values(FineTuneGraph graph) {
    try (VariableSnapshot snapshot = graph.snapshot()) {
      return graph.evaluated(snapshot);
    }
  }

  private Path request(TrainableNetwork network, Head head) throws IOException {
    DenseWeights layer = head.layers().get(0);
    Map<String, Object> request = new HashMap<>();
    request.put("input", SmallTraining.INPUT);
    request.put("vector", SmallTraining.VECTOR);
    request.put("size", SmallTraining.SIZE);
    request.put("images", SmallTraining.normalized(LABELS.length));
    request.put("parameters", network.parameters().stream().map(one -> one.name()).toList());
    request.put("weights", layer.weights());
    request.put("biases", layer.biases());
    request.put("labels", LABELS);
    request.put("image_weights", WEIGHTS);
    request.put("smoothing", SMOOTHING);
    Path file = directory.resolve("request.json");
    new ObjectMapper().writeValue(file.toFile(), request);
    return file;
  }
}

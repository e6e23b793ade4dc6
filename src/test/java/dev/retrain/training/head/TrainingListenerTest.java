package dev.retrain.training.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.FixedVectors;
import dev.retrain.training.Evaluation;
import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import dev.retrain.training.Regularization;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.Summary;

class TrainingListenerTest {
  private static final int INPUTS = 4;
  private static final int CLASSES = 3;
  private static final int BATCH = 8;
  private static final LearningRate RATE = new LearningRate.Staircase(0.05, 2, 0.5);

  private List<Integer> hidden = List.of();
  private final List<String> calls = new ArrayList<>();
  private final List<GraphDef> graphs = new ArrayList<>();
  private final List<Summary> updates = new ArrayList<>();
  private final List<Evaluation> evaluations = new ArrayList<>();
  private final List<Summary> trainings = new ArrayList<>();
  private final List<Summary> validations = new ArrayList<>();

  private final TrainingListener recorder =
      new TrainingListener() {
        @Override
        public void started(GraphDef graph) {
          calls.add("started");
          graphs.add(graph);
        }

        @Override
        public void updated(int iteration, Summary summary) {
          calls.add("updated " + iteration);
          updates.add(summary);
        }

        @Override
        public void evaluated(Evaluation evaluation, Summary training, Summary validation) {
          calls.add("evaluated " + evaluation.iteration());
          evaluations.add(evaluation);
          trainings.add(training);
          validations.add(validation);
        }
      };

  private TrainingResult train(int iterations, LearningRate rate) {
    return train(iterations, rate, 1);
  }

  private TrainingResult train(int iterations, LearningRate rate, int histogramInterval) {
    TrainingOptions options =
        TrainingOptions.builder()
            .sampling(new Sampling.Balanced(iterations, BATCH))
            .optimizer(new Optimizer.Adam(rate))
            .hiddenUnits(hidden)
            .evalStepInterval(2)
            .histogramInterval(histogramInterval)
            .regularization(Regularization.NONE)
            .build();
    return new HeadTrainer(options, recorder, Progress.NONE)
        .train(
            FixedVectors.clustered(1, 30, INPUTS, CLASSES, 1),
            FixedVectors.clustered(2, 15, INPUTS, CLASSES, 1),
            CLASSES);
  }

  private static Map<String, Float> scalars(Summary summary) {
    Map<String, Float> values = new HashMap<>();
    for (Summary.Value value : summary.getValueList()) {
      if (value.hasSimpleValue()) {
        values.put(value.getTag(), value.getSimpleValue());
      }
    }
    return values;
  }

  private static Map<String, Double> histogramCounts(Summary summary) {
    Map<String, Double> counts = new HashMap<>();
    for (Summary.Value value : summary.getValueList()) {
      if (value.hasHisto()) {
        counts.put(value.getTag(), value.getHisto().getNum());
      }
    }
    return counts;
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "2, 2", "3, 2", "0, 0"})
  void histogramIntervalIsRespected(int interval, int times) {
    train(8, RATE, interval);

    assertThat(evaluations).hasSize(4);
    assertThat(trainings).filteredOn(summary -> !histogramCounts(summary).isEmpty()).hasSize(times);
    assertThat(validations)
        .filteredOn(summary -> !histogramCounts(summary).isEmpty())
        .hasSize(times);
    assertThat(validations).allSatisfy(one -> assertThat(scalars(one)).containsKey("accuracy"));
  }

  @Test
  void eventsAreReportedInOrder() {
    train(5, RATE);

    assertThat(calls)
        .containsExactly(
            "started",
            "updated 1",
            "updated 2",
            "evaluated 2",
            "updated 3",
            "updated 4",
            "evaluated 4",
            "updated 5",
            "evaluated 5");
  }

  @Test
  void reportedEvaluationsEqualTheHistory() {
    assertThat(train(5, RATE).history()).isEqualTo(evaluations);
  }

  @Test
  void reportedGraphReadsBottlenecks() {
    train(1, RATE);

    List<NodeDef> nodes = graphs.get(0).getNodeList();
    assertThat(nodes).extracting(NodeDef::getName).doesNotHaveDuplicates();
    assertThat(nodes)
        .filteredOn(node -> node.getName().equals("input/bottleneck"))
        .singleElement()
        .extracting(NodeDef::getOp)
        .isEqualTo("Placeholder");
  }

  @Test
  void updatesReportTheirLearningRate() {
    train(5, RATE);

    assertThat(updates)
        .extracting(summary -> scalars(summary).get("learning_rate"))
        .containsExactly(0.05f, 0.05f, 0.025f, 0.025f, 0.0125f);
  }

  @Test
  void updateReportsTheTrainingMetricsOfItsEvaluation() {
    train(5, RATE);

    Map<String, Float> scalars = scalars(updates.get(3));
    assertThat((double) scalars.get("accuracy")).isEqualTo(evaluations.get(1).trainingAccuracy());
    assertThat((double) scalars.get("cross_entropy")).isEqualTo(evaluations.get(1).trainingLoss());
  }

  @Test
  void updateReportsStatisticsOfTheWeightsBeforeIt() {
    float[] weights = train(1, new LearningRate.Constant(1e-30)).head().layers().get(0).weights();
    updates.clear();
    train(1, new LearningRate.Constant(0.5));

    double[] values = IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).toArray();
    double mean = IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum() / 12;
    double variance =
        IntStream.range(0, values.length).mapToDouble(i -> Math.pow(values[i] - mean, 2)).sum()
            / 12;
    Map<String, Float> scalars = scalars(updates.get(0));
    Offset<Double> close = Offset.offset(1e-8);
    assertThat((double) scalars.get("weights/mean")).isCloseTo(mean, close);
    assertThat((double) scalars.get("weights/stddev")).isCloseTo(Math.sqrt(variance), close);
    assertThat((double) scalars.get("weights/max"))
        .isCloseTo(IntStream.range(0, 12).mapToDouble(i -> values[i]).max().orElseThrow(), close);
    assertThat((double) scalars.get("weights/min"))
        .isCloseTo(IntStream.range(0, 12).mapToDouble(i -> values[i]).min().orElseThrow(), close);
    assertThat(scalars)
        .containsEntry("biases/mean", 0f)
        .containsEntry("biases/stddev", 0f)
        .containsEntry("biases/max", 0f)
        .containsEntry("biases/min", 0f);
  }

  @Test
  void histogramsCountAllValues() {
    train(2, RATE);

    assertThat(histogramCounts(trainings.get(0)))
        .containsOnly(
            Map.entry("weights/histogram", (double) INPUTS * CLASSES),
            Map.entry("biases/histogram", (double) CLASSES),
            Map.entry("pre_activations", (double) BATCH * CLASSES),
            Map.entry("activations", (double) BATCH * CLASSES));
    assertThat(histogramCounts(validations.get(0)))
        .containsOnly(
            Map.entry("weights/histogram", (double) INPUTS * CLASSES),
            Map.entry("biases/histogram", (double) CLASSES),
            Map.entry("pre_activations", 15.0 * CLASSES),
            Map.entry("activations", 15.0 * CLASSES));
  }

  @Test
  void validationSummaryReportsTheMetricsOfItsEvaluation() {
    train(4, RATE);

    assertThat(scalars(validations.get(1)))
        .containsOnlyKeys(scalars(updates.get(1)).keySet())
        .contains(
            Map.entry("accuracy", (float) evaluations.get(1).validationAccuracy()),
            Map.entry("cross_entropy", (float) evaluations.get(1).validationLoss()),
            Map.entry("learning_rate", RATE.at(3, 4)));
  }

  @Test
  void hiddenLayersHaveTheirOwnHistograms() {
    hidden = List.of(5);

    train(2, RATE);

    assertThat(histogramCounts(validations.get(0)))
        .containsOnly(
            Map.entry("hidden_1/weights/histogram", (double) INPUTS * 5),
            Map.entry("hidden_1/biases/histogram", 5.0),
            Map.entry("hidden_1/activations", 15.0 * 5),
            Map.entry("weights/histogram", 5.0 * CLASSES),
            Map.entry("biases/histogram", (double) CLASSES),
            Map.entry("pre_activations", 15.0 * CLASSES),
            Map.entry("activations", 15.0 * CLASSES));
  }
}

package dev.retrain.training.head;

import static dev.retrain.training.head.TestTraining.CLASSES;
import static dev.retrain.training.head.TestTraining.TRAINING;
import static dev.retrain.training.head.TestTraining.VALIDATION;
import static dev.retrain.training.head.TestTraining.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.testing.FixedVectors;
import dev.retrain.testing.MultiLabelVectors;
import dev.retrain.testing.PythonClient;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.LearningRate;
import dev.retrain.training.Objective;
import dev.retrain.training.Optimizer;
import dev.retrain.training.Targets;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights of classes and images, and the losses of both objectives. */
class WeightedTrainingTest {
  private static final Targets ONE = new Targets(List.of("a", "b", "c"), Objective.SINGLE_LABEL);
  private static final Targets MANY = new Targets(List.of("a", "b", "c"), Objective.MULTI_LABEL);
  private static final ClassWeights PER_CLASS =
      new ClassWeights.PerClass("weights.csv", Map.of("a", 1.0, "b", 4.0, "c", 0.5));

  /** Of classes with very different numbers of images. */
  private static final FixedVectors UNBALANCED =
      TRAINING.labelled(
          IntStream.range(0, TRAINING.count())
              .map(i -> i % 12 == 0 ? 2 : i % 4 == 0 ? 1 : 0)
              .toArray());

  private static final MultiLabelVectors SETS = MultiLabelVectors.random(1, 90, 6, CLASSES);

  @TempDir private Path directory;

  private static MultiLabelVectors weighted() {
    float[] weights = new float[SETS.count()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1 + i % 5;
    }
    return SETS.weighted(weights);
  }

  private static TrainingResult train(
      TrainingOptions.Builder options, Vectors training, Targets targets) {
    return new HeadTrainer(options.build(), TrainingListener.NONE, Progress.NONE)
        .train(
            training,
            targets.objective() == Objective.SINGLE_LABEL
                ? VALIDATION
                : MultiLabelVectors.random(2, 40, 6, CLASSES),
            targets);
  }

  private static TrainingOptions.Builder fullBatches(int epochs, Vectors training, double rate) {
    return TestTraining.options(new Sampling.Epochs(epochs, training.count()))
        .evalStepInterval(epochs)
        .optimizer(new Optimizer.Sgd(new LearningRate.Constant(rate), epochs == 1 ? 0 : 0.9));
  }

  /** Logits of a head without hidden layers. */
  private static double[][] logits(DenseWeights layer, Vectors vectors) {
    double[][] logits = new double[vectors.count()][layer.outputs()];
    float[] x = new float[vectors.length()];
    for (int row = 0; row < logits.length; row++) {
      vectors.copy(row, x, 0);
      for (int output = 0; output < layer.outputs(); output++) {
        logits[row][output] = layer.biases()[output];
        for (int input = 0; input < x.length; input++) {
          logits[row][output] += x[input] * layer.weights()[input * layer.outputs() + output];
        }
      }
    }
    return logits;
  }

  private static double[] probabilities(double[] logits, Objective objective) {
    if (objective == Objective.MULTI_LABEL) {
      return Arrays.stream(logits).map(z -> 1 / (1 + Math.exp(-z))).toArray();
    }
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(z -> Math.exp(z) / sum).toArray();
  }

  private static double[][] targets(Vectors vectors) {
    double[][] targets = new double[vectors.count()][CLASSES];
    for (int row = 0; row < targets.length; row++) {
      for (int label : vectors.labels(row)) {
        targets[row][label] = 1;
      }
    }
    return targets;
  }

  /** The weights of each image with mean 1, computed independently of the code under test. */
  private static double[] weights(Vectors vectors, ClassWeights classes) {
    double[] weights = new double[vectors.count()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] =
          classes instanceof ClassWeights.PerClass
              ? new double[] {1, 4, 0.5}[vectors.label(i)]
              : vectors.weight(i);
    }
    double mean = Arrays.stream(weights).average().orElseThrow();
    return Arrays.stream(weights).map(weight -> weight / mean).toArray();
  }

  private static Stream<Arguments> oneStep() {
    return Stream.of(
        Arguments.of(UNBALANCED, ONE, PER_CLASS, 0.0),
        Arguments.of(UNBALANCED, ONE, PER_CLASS, 0.3),
        Arguments.of(UNBALANCED, ONE, ClassWeights.NONE, 0.3),
        Arguments.of(SETS, MANY, ClassWeights.NONE, 0.0),
        Arguments.of(SETS, MANY, ClassWeights.NONE, 0.2),
        Arguments.of(weighted(), MANY, ClassWeights.NONE, 0.0),
        Arguments.of(weighted(), MANY, ClassWeights.NONE, 0.2));
  }

  /** One update of gradient descent subtracts the gradient, which is computed by hand. */
  @ParameterizedTest
  @MethodSource("oneStep")
  void gradientIsWeighted(
      Vectors training, Targets targets, ClassWeights classWeights, double smoothing) {
    DenseWeights before =
        train(fullBatches(1, training, TestTraining.NO_LEARNING), training, targets)
            .head()
            .layers()
            .get(0);
    DenseWeights after =
        train(
                fullBatches(1, training, 1)
                    .classWeights(classWeights)
                    .regularization(
                        TestTraining.regularization().labelSmoothing(smoothing).build()),
                training,
                targets)
            .head()
            .layers()
            .get(0);

    boolean many = targets.objective() == Objective.MULTI_LABEL;
    double[][] logits = logits(before, training);
    double[][] labels = targets(training);
    double[] weights = weights(training, classWeights);
    double[] biases = new double[CLASSES];
    double[][] gradient = new double[6][CLASSES];
    float[] x = new float[6];
    for (int row = 0; row < logits.length; row++) {
      training.copy(row, x, 0);
      double[] p = probabilities(logits[row], targets.objective());
      for (int label = 0; label < CLASSES; label++) {
        double smoothed = labels[row][label] * (1 - smoothing) + smoothing / (many ? 2 : CLASSES);
        double slope =
            weights[row] * (p[label] - smoothed) / training.count() / (many ? CLASSES : 1);
        biases[label] += slope;
        for (int input = 0; input < 6; input++) {
          gradient[input][label] += slope * x[input];
        }
      }
    }
    for (int label = 0; label < CLASSES; label++) {
      assertThat((double) after.biases()[label])
          .isCloseTo(before.biases()[label] - biases[label], within(1e-6));
      for (int input = 0; input < 6; input++) {
        assertThat((double) after.weights()[input * CLASSES + label])
            .isCloseTo(
                before.weights()[input * CLASSES + label] - gradient[input][label], within(1e-6));
      }
    }
  }

  private static Stream<Arguments> trainings() {
    Map<String, Object> perClass = Map.of("0", 1.0, "1", 4.0, "2", 0.5);
    return Stream.of(
        Arguments.of(UNBALANCED, ONE, ClassWeights.NONE, null),
        Arguments.of(UNBALANCED, ONE, ClassWeights.BALANCED, "balanced"),
        Arguments.of(UNBALANCED, ONE, PER_CLASS, perClass),
        Arguments.of(SETS, MANY, ClassWeights.NONE, null),
        Arguments.of(weighted(), MANY, ClassWeights.NONE, null));
  }

  /** Long enough to converge. The L2 penalty of 20 is C = 1/20, with weights of mean 1. */
  @ParameterizedTest
  @MethodSource("trainings")
  void trainingConvergesToScikitLearn(
      Vectors training, Targets targets, ClassWeights classWeights, Object pythonWeights)
      throws IOException {
    PythonClient python = PythonClient.require();
    double[] weights = weights(training, classWeights);
    double scale =
        classWeights instanceof ClassWeights.PerClass
            ? training.count()
                / IntStream.range(0, training.count())
                    .mapToDouble(i -> new double[] {1, 4, 0.5}[training.label(i)])
                    .sum()
            : 1;
    Map<String, Object> request = new HashMap<>();
    float[][] rows = new float[training.count()][training.length()];
    for (int i = 0; i < rows.length; i++) {
      training.copy(i, rows[i], 0);
    }
    request.put("x", rows);
    request.put(
        "y",
        targets.objective() == Objective.MULTI_LABEL
            ? targets(training)
            : IntStream.range(0, training.count()).map(training::label).toArray());
    request.put("class_weight", pythonWeights);
    request.put("weights", targets.objective() == Objective.MULTI_LABEL ? weights : null);
    request.put("c", scale / 20);
    Path file = directory.resolve("request.json");
    new ObjectMapper().writeValue(file.toFile(), request);
    JsonNode expected = python.run("weighted_logistic.py", file);

    double rate = targets.objective() == Objective.MULTI_LABEL ? 1.5 : 0.5;
    TrainingResult result =
        train(
            fullBatches(300, training, rate)
                .classWeights(classWeights)
                .regularization(TestTraining.regularization().l2(20).build()),
            training,
            targets);

    double[][] logits = logits(result.head().layers().get(0), training);
    for (int row = 0; row < logits.length; row++) {
      double[] p = probabilities(logits[row], targets.objective());
      for (int label = 0; label < CLASSES; label++) {
        assertThat(p[label])
            .isCloseTo(expected.get("probabilities").get(row).get(label).asDouble(), within(1e-3));
      }
    }
    if (targets.objective() == Objective.MULTI_LABEL && training == SETS) {
      assertThat(result.best().trainingLoss())
          .isCloseTo(expected.get("loss").asDouble(), within(1e-4));
    }
  }

  @Test
  void equalWeightsAreNoWeights() {
    ClassWeights equal =
        new ClassWeights.PerClass("weights.csv", Map.of("a", 3.0, "b", 3.0, "c", 3.0));
    TrainingResult plain = train(TestTraining.options(new Sampling.Epochs(3, 20)), TRAINING, ONE);
    TrainingResult weighted =
        train(TestTraining.options(new Sampling.Epochs(3, 20)).classWeights(equal), TRAINING, ONE);
    assertThat(bits(weighted.head().layers().get(0).weights()))
        .containsExactly(bits(plain.head().layers().get(0).weights()));
    assertThat(weighted.history()).isEqualTo(plain.history());
  }

  @Test
  void classWeightsNeedEpochsAndOneClassPerImage() {
    assertThatThrownBy(() -> TestTraining.options(5, 5).classWeights(ClassWeights.BALANCED).build())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("The class weights can only be used with a number of epochs");
    assertThatThrownBy(
            () -> train(fullBatches(1, SETS, 1).classWeights(ClassWeights.BALANCED), SETS, MANY))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("an image has several classes");
    assertThatThrownBy(
            () ->
                train(
                    fullBatches(1, TRAINING, 1)
                        .classWeights(
                            new ClassWeights.PerClass("weights.csv", Map.of("a", 1.0, "b", 2.0))),
                    TRAINING,
                    ONE))
        .isInstanceOf(RetrainException.class)
        .hasMessage("weights.csv has no weight for class 'c'. Add a row for it.");
  }
}

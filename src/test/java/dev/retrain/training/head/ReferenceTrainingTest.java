package dev.retrain.training.head;

import static dev.retrain.training.head.TestTraining.BATCH_SIZE;
import static dev.retrain.training.head.TestTraining.CLASSES;
import static dev.retrain.training.head.TestTraining.INPUTS;
import static dev.retrain.training.head.TestTraining.TOLERANCE;
import static dev.retrain.training.head.TestTraining.TRAINING;
import static dev.retrain.training.head.TestTraining.VALIDATION;
import static dev.retrain.training.head.TestTraining.initialHead;
import static dev.retrain.training.head.TestTraining.options;
import static dev.retrain.training.head.TestTraining.regularization;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.DenseWeights;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Head;
import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import dev.retrain.training.Regularization;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.ReferenceNetwork.Metrics;
import dev.retrain.training.head.ReferenceNetwork.Rule;
import dev.retrain.training.sampling.Sampling;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares trainings with an independent implementation in double precision. */
class ReferenceTrainingTest {
  private static final LearningRate COSINE = new LearningRate.Cosine(0.02);

  private static TrainingOptions.Builder balanced() {
    return options(new Sampling.Balanced(25, BATCH_SIZE)).evalStepInterval(1);
  }

  private static TrainingOptions.Builder epochs() {
    return options(new Sampling.Epochs(3, 50)).evalStepInterval(1);
  }

  private static Optimizer sgd(double momentum) {
    return new Optimizer.Sgd(new LearningRate.Staircase(0.02, 5, 0.7), momentum);
  }

  private static Stream<TrainingOptions> trainings() {
    return Stream.of(
            balanced(),
            balanced().regularization(regularization().standardize(true).build()),
            balanced().regularization(regularization().averageDecay(0.5).l2(30).build()),
            balanced()
                .regularization(
                    regularization().averageDecay(0.998).standardize(true).l2(100).build()),
            epochs().optimizer(new Optimizer.Adam(COSINE)),
            balanced().regularization(regularization().weightDecay(2).labelSmoothing(0.2).build()),
            balanced().optimizer(new Optimizer.Sgd(new LearningRate.Constant(0.1), 0)),
            balanced()
                .optimizer(sgd(0.9))
                .regularization(regularization().weightDecay(2).averageDecay(0.9).build()),
            balanced().hiddenUnits(List.of(7)),
            epochs()
                .hiddenUnits(List.of(7))
                .regularization(
                    regularization().standardize(true).averageDecay(0.9).l2(30).build()),
            balanced()
                .hiddenUnits(List.of(5, 4))
                .optimizer(new Optimizer.Adam(COSINE))
                .regularization(
                    regularization()
                        .standardize(true)
                        .weightDecay(3)
                        .labelSmoothing(0.1)
                        .averageDecay(0.8)
                        .build()),
            epochs()
                .hiddenUnits(List.of(7))
                .optimizer(sgd(0.9))
                .regularization(regularization().labelSmoothing(0.3).build()))
        .map(TrainingOptions.Builder::build);
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void trainingMatchesReference(TrainingOptions options) {
    TrainingResult result = TestTraining.train(options.toBuilder());

    int iterations = result.history().size();
    double[][] rows = ReferenceNetwork.rows(TRAINING);
    boolean standardize = options.regularization().standardize();
    double[] mean = standardize ? mean(rows) : new double[INPUTS];
    double[] stddev = standardize ? stddev(rows) : ones();
    double[][] training = standardized(rows, mean, stddev);
    double[][] validation = standardized(ReferenceNetwork.rows(VALIDATION), mean, stddev);
    Supplier<int[]> batches = options.sampling().batches(TRAINING, CLASSES, options.seed());
    ReferenceNetwork reference =
        new ReferenceNetwork(initialHead(options.hiddenUnits().toArray(Integer[]::new)));
    assertThat(iterations).isEqualTo(options.sampling() instanceof Sampling.Epochs ? 9 : 25);
    for (int step = 0; step < iterations; step++) {
      int[] batch = batches.get();
      double decay = options.regularization().averageDecay();
      Metrics before =
          reference.update(
              Arrays.stream(batch).mapToObj(i -> training[i]).toArray(double[][]::new),
              Arrays.stream(batch).map(TRAINING::label).toArray(),
              rule(options),
              rate(options.optimizer().learningRate(), step, iterations),
              decay * (1 - Math.pow(decay, step)) / (1 - Math.pow(decay, step + 1.0)));
      Metrics after = reference.evaluate(validation, ReferenceNetwork.labels(VALIDATION));
      Evaluation evaluation = result.history().get(step);
      assertThat(evaluation.iteration()).isEqualTo(step + 1);
      assertThat(evaluation.trainingLoss()).isCloseTo(before.loss(), TOLERANCE);
      assertThat(evaluation.trainingAccuracy()).isCloseTo(before.accuracy(), TOLERANCE);
      assertThat(evaluation.validationLoss()).isCloseTo(after.loss(), TOLERANCE);
      assertThat(evaluation.validationAccuracy()).isCloseTo(after.accuracy(), TOLERANCE);
      if (evaluation.equals(result.best())) {
        assertMatches(result.head(), reference, mean, stddev);
      }
    }
  }

  private static Rule rule(TrainingOptions options) {
    Regularization regularization = options.regularization();
    return new Rule(
        regularization.l2() / TRAINING.count(),
        regularization.weightDecay(),
        regularization.labelSmoothing(),
        options.optimizer() instanceof Optimizer.Sgd sgd ? sgd.momentum() : Double.NaN);
  }

  private static double rate(LearningRate rate, int step, int steps) {
    if (rate instanceof LearningRate.Staircase stairs) {
      return stairs.initial()
          * Math.pow(stairs.decayRate(), Math.floor((double) step / stairs.decaySteps()));
    }
    return rate instanceof LearningRate.Cosine
        ? rate.initial() * Math.pow(Math.cos(Math.PI / 2 * step / steps), 2)
        : rate.initial();
  }

  /** Compares with the reference's layers, with the standardization folded into the first. */
  private static void assertMatches(
      Head head, ReferenceNetwork reference, double[] mean, double[] stddev) {
    for (int i = 0; i < head.layers().size(); i++) {
      DenseWeights layer = head.layers().get(i);
      for (int output = 0; output < layer.outputs(); output++) {
        double bias = reference.bias(i, output);
        for (int input = 0; input < layer.inputs(); input++) {
          double weight = reference.weight(i, input, output);
          if (i == 0) {
            weight /= stddev[input];
            bias -= mean[input] * weight;
          }
          assertThat((double) layer.weights()[input * layer.outputs() + output])
              .isCloseTo(weight, TOLERANCE);
        }
        assertThat((double) layer.biases()[output]).isCloseTo(bias, TOLERANCE);
      }
    }
  }

  private static double[][] standardized(double[][] rows, double[] mean, double[] stddev) {
    double[][] result = new double[rows.length][mean.length];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < mean.length; i++) {
        result[row][i] = (rows[row][i] - mean[i]) / stddev[i];
      }
    }
    return result;
  }

  private static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  private static double[] stddev(double[][] rows) {
    double[] mean = mean(rows);
    double[] variance = new double[mean.length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        variance[i] += (row[i] - mean[i]) * (row[i] - mean[i]) / rows.length;
      }
    }
    return Arrays.stream(variance).map(Math::sqrt).toArray();
  }

  private static double[] ones() {
    double[] ones = new double[INPUTS];
    Arrays.fill(ones, 1);
    return ones;
  }
}

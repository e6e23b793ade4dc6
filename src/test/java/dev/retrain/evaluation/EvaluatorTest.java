package dev.retrain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.FixedVectors;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorTest {
  private static final int INPUTS = 5;
  private static final int CLASSES = 4;
  private static final int COUNT = 101;
  private static final FixedVectors VECTORS = FixedVectors.clustered(1, COUNT, INPUTS, CLASSES, 1);

  private static List<String> labels(int classes) {
    return IntStream.range(0, classes).mapToObj(label -> "class " + label).toList();
  }

  private static DenseWeights randomLayer() {
    Random random = new Random(4);
    float[] weights = new float[INPUTS * CLASSES];
    float[] biases = new float[CLASSES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < CLASSES; i++) {
      biases[i] = (float) random.nextGaussian();
    }
    return new DenseWeights(INPUTS, CLASSES, weights, biases);
  }

  private static double[] probabilities(DenseWeights layer, float[] row) {
    double[] result = new double[layer.outputs()];
    double sum = 0;
    for (int c = 0; c < result.length; c++) {
      double logit = layer.biases()[c];
      for (int i = 0; i < row.length; i++) {
        logit += (double) row[i] * layer.weights()[i * layer.outputs() + c];
      }
      result[c] = Math.exp(logit);
      sum += result[c];
    }
    for (int c = 0; c < result.length; c++) {
      result[c] /= sum;
    }
    return result;
  }

  private static Predictions evaluate(DenseWeights layer, FixedVectors vectors, int batchSize) {
    return Evaluator.evaluate(new Head(layer), labels(layer.outputs()), vectors, batchSize);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 101, 8000})
  void predictionsEqualPlainArithmeticForEveryBatchSize(int batchSize) {
    DenseWeights layer = randomLayer();

    Predictions predictions = evaluate(layer, VECTORS, batchSize);

    double loss = 0;
    int correct = 0;
    assertThat(predictions.count()).isEqualTo(COUNT);
    for (int row = 0; row < COUNT; row++) {
      double[] expected = probabilities(layer, VECTORS.rows()[row]);
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = expected[c] > expected[best] ? c : best;
      }
      int label = VECTORS.label(row);
      loss -= Math.log(expected[label]) / COUNT;
      correct += best == label ? 1 : 0;
      assertThat(predictions.name(row)).isEqualTo("image-" + row);
      assertThat(predictions.actual(row)).isEqualTo(label);
      assertThat(predictions.predicted(row)).isEqualTo(best);
      for (int c = 0; c < CLASSES; c++) {
        assertThat((double) predictions.probability(row, c))
            .isCloseTo(expected[c], Offset.offset(1e-5));
      }
    }
    assertThat(correct).isBetween(10, 91);
    Metrics metrics = Metrics.compute(predictions);
    assertThat(metrics.accuracy()).isEqualTo(correct / (double) COUNT);
    assertThat(metrics.loss()).isCloseTo(loss, Offset.offset(1e-5));
    assertThat(predictions.misclassified()).hasSize(COUNT - correct);
  }

  @Test
  void perfectClassifierHasNoMisclassifications() {
    DenseWeights identity = new DenseWeights(2, 2, new float[] {50, 0, 0, 50}, new float[] {0, 0});
    float[][] rows = {{1, 0}, {0, 1}, {1, 0}};

    Predictions predictions = evaluate(identity, new FixedVectors(2, rows, new int[] {0, 1, 0}), 2);

    assertThat(predictions.misclassified()).isEmpty();
    Metrics metrics = Metrics.compute(predictions);
    assertThat(metrics.accuracy()).isEqualTo(1);
    assertThat(metrics.loss()).isCloseTo(0, Offset.offset(1e-9));
  }

  @Test
  void lossIsExactWhereTheProbabilityUnderflows() {
    DenseWeights confident = new DenseWeights(1, 2, new float[] {1000, -1000}, new float[] {0, 0});

    Predictions predictions =
        evaluate(confident, new FixedVectors(1, new float[][] {{1}}, new int[] {1}), 10);

    Metrics metrics = Metrics.compute(predictions);
    assertThat(metrics.accuracy()).isZero();
    assertThat(metrics.loss()).isEqualTo(2000);
    assertThat(predictions.misclassified()).containsExactly(0);
    assertThat(predictions.predicted(0)).isZero();
    assertThat(predictions.confidence(0)).isEqualTo(1);
    assertThat(predictions.probability(0, 1)).isZero();
  }

  @Test
  void hiddenLayersAreRectified() {
    // The second unit is the negative of the first, so one of them is always 0.
    DenseWeights hidden = new DenseWeights(1, 2, new float[] {1, -1}, new float[] {0, 0});
    DenseWeights last = new DenseWeights(2, 2, new float[] {3, 0, 0, 5}, new float[] {0, 0});
    float[][] rows = {{2}, {-2}, {-1}};

    Predictions predictions =
        Evaluator.evaluate(
            new Head(List.of(hidden, last)),
            labels(2),
            new FixedVectors(1, rows, new int[] {0, 1, 0}),
            3);

    assertThat(predictions.misclassified()).containsExactly(2);
    assertThat(predictions.predicted(2)).isEqualTo(1);
    assertThat(predictions.confidence(2)).isEqualTo((float) (1 / (1 + Math.exp(-5))));
    double loss = Math.log1p(Math.exp(-6)) + Math.log1p(Math.exp(-10)) + Math.log1p(Math.exp(5));
    assertThat(Metrics.compute(predictions).loss()).isCloseTo(loss / 3, Offset.offset(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 101})
  void classifierSeesEveryVectorOnceInOrder(int batchSize) {
    Predictions predictions =
        Evaluator.evaluate(
            (vectors, count) -> {
              assertThat(count).isLessThanOrEqualTo(batchSize);
              assertThat(vectors).hasSize(count * INPUTS);
              float[] outputs = new float[count * 2];
              for (int i = 0; i < count; i++) {
                outputs[2 * i] = vectors[i * INPUTS];
              }
              return outputs;
            },
            labels(CLASSES).subList(0, 2),
            VECTORS.labelled(new int[COUNT]),
            batchSize);

    float[] first = new float[COUNT];
    for (int row = 0; row < COUNT; row++) {
      first[row] = predictions.probability(row, 0);
    }
    float[] expected = new float[COUNT];
    for (int row = 0; row < COUNT; row++) {
      expected[row] = VECTORS.rows()[row][0];
    }
    assertThat(first).containsExactly(expected);
  }
}

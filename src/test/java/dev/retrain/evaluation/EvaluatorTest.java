package dev.retrain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.evaluation.TestResult.Mistake;
import dev.retrain.testing.FixedVectors;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorTest {
  private static final int INPUTS = 5;
  private static final int CLASSES = 4;
  private static final int COUNT = 101;
  private static final FixedVectors VECTORS = FixedVectors.clustered(1, COUNT, INPUTS, CLASSES, 1);

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

  private static TestResult test(DenseWeights layer, FixedVectors vectors, int batchSize) {
    try (Evaluator evaluator = new Evaluator(new Head(layer))) {
      return evaluator.test(vectors, batchSize);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 101, 8000})
  void figuresAreThoseOfPlainArithmeticWhateverTheBatchSize(int batchSize) {
    DenseWeights layer = randomLayer();
    double loss = 0;
    List<Mistake> mistakes = new ArrayList<>();
    for (int row = 0; row < COUNT; row++) {
      double[] probabilities = probabilities(layer, VECTORS.rows()[row]);
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = probabilities[c] > probabilities[best] ? c : best;
      }
      int label = VECTORS.label(row);
      loss -= Math.log(probabilities[label]) / COUNT;
      if (best != label) {
        mistakes.add(new Mistake("image-" + row, label, best, (float) probabilities[best]));
      }
    }
    assertThat(mistakes).hasSizeBetween(10, 91);

    TestResult result = test(layer, VECTORS, batchSize);

    assertThat(result.count()).isEqualTo(COUNT);
    assertThat(result.accuracy()).isEqualTo((COUNT - mistakes.size()) / (double) COUNT);
    assertThat(result.loss()).isCloseTo(loss, Offset.offset(1e-5));
    assertThat(result.mistakes())
        .usingRecursiveComparison()
        .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-5 ? 0 : 1, Float.class)
        .isEqualTo(mistakes);
  }

  @Test
  void aLayerThatIsAlwaysRightMakesNoMistakes() {
    DenseWeights identity = new DenseWeights(2, 2, new float[] {50, 0, 0, 50}, new float[] {0, 0});
    float[][] rows = {{1, 0}, {0, 1}, {1, 0}};

    TestResult result = test(identity, new FixedVectors(2, rows, new int[] {0, 1, 0}), 2);

    assertThat(result.accuracy()).isEqualTo(1);
    assertThat(result.mistakes()).isEmpty();
    assertThat(result.loss()).isCloseTo(0, Offset.offset(1e-9));
  }

  @Test
  void aLayerThatIsSureAndWrongHasALossWithinBounds() {
    DenseWeights sure = new DenseWeights(1, 2, new float[] {1000, -1000}, new float[] {0, 0});

    TestResult result = test(sure, new FixedVectors(1, new float[][] {{1}}, new int[] {1}), 10);

    assertThat(result.accuracy()).isZero();
    assertThat(result.loss()).isEqualTo(2000);
    assertThat(result.mistakes()).containsExactly(new Mistake("image-0", 1, 0, 1));
  }

  @Test
  void whatIsBelowZeroInAHiddenLayerCountsForNothing() {
    // The second unit sees what the first does, the other way round: one of them is always off.
    DenseWeights hidden = new DenseWeights(1, 2, new float[] {1, -1}, new float[] {0, 0});
    DenseWeights last = new DenseWeights(2, 2, new float[] {3, 0, 0, 5}, new float[] {0, 0});
    float[][] rows = {{2}, {-2}, {-1}};

    TestResult result;
    try (Evaluator evaluator = new Evaluator(new Head(List.of(hidden, last)))) {
      result = evaluator.test(new FixedVectors(1, rows, new int[] {0, 1, 0}), 3);
    }

    assertThat(result.mistakes())
        .containsExactly(new Mistake("image-2", 0, 1, (float) (1 / (1 + Math.exp(-5)))));
    double loss = Math.log1p(Math.exp(-6)) + Math.log1p(Math.exp(-10)) + Math.log1p(Math.exp(5));
    assertThat(result.loss()).isCloseTo(loss / 3, Offset.offset(1e-6));
  }

  @Test
  void oneEvaluatorTestsManyTimes() {
    try (Evaluator evaluator = new Evaluator(new Head(randomLayer()))) {
      assertThat(evaluator.test(VECTORS, 10)).isEqualTo(evaluator.test(VECTORS, 10));
    }
  }
}

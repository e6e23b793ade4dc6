package dev.retrain.training.head;

import static dev.retrain.training.head.TestTraining.INPUTS;
import static dev.retrain.training.head.TestTraining.NO_LEARNING;
import static dev.retrain.training.head.TestTraining.adam;
import static dev.retrain.training.head.TestTraining.initialHead;
import static dev.retrain.training.head.TestTraining.onlyLayer;
import static dev.retrain.training.head.TestTraining.options;
import static dev.retrain.training.head.TestTraining.train;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.DenseWeights;
import dev.retrain.training.TrainingOptions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
  @Test
  void finalLayerStartsWithSmallWeightsAndZeroBiases() {
    DenseWeights layer = initialHead().layers().get(0);

    for (float weight : layer.weights()) {
      assertThat(Math.abs(weight)).isPositive().isLessThanOrEqualTo(0.002f);
    }
    for (float bias : layer.biases()) {
      assertThat(bias).isCloseTo(0, Offset.offset(1e-20f));
    }
  }

  @Test
  void hiddenLayersStartWithHeInitialization() {
    DenseWeights hidden = initialHead(2000).layers().get(0);

    double squares = 0;
    for (float weight : hidden.weights()) {
      squares += (double) weight * weight / hidden.weights().length;
    }
    // The relative standard error of the standard deviation of 12,000 weights is about
    // 1 / sqrt(2 * 12,000).
    assertThat(Math.sqrt(squares)).isCloseTo(Math.sqrt(2.0 / INPUTS), Offset.offset(0.015));
  }

  @Test
  void initialWeightsDependOnTheSeed() {
    TrainingOptions.Builder options = options(1, 1).optimizer(adam(NO_LEARNING));

    assertThat(onlyLayer(train(options.seed(1))).weights())
        .isNotEqualTo(onlyLayer(train(options.seed(2))).weights());
  }
}

package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.training.sampling.Sampling;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingOptionsTest {
  private static final StepDecay RATE = new StepDecay(0.01, 65, 0.95);

  @Test
  void theDefaultsAreThoseOfTheProjectBefore() {
    TrainingOptions options = TrainingOptions.DEFAULT;

    assertThat(options.course()).isEqualTo(new Sampling.Balanced(2000, 150));
    assertThat(options.optimizer()).isEqualTo(new Optimizer.Adam(RATE));
    assertThat(options.hiddenUnits()).isEmpty();
    assertThat(options.validationBatchSize()).isEqualTo(-1);
    assertThat(options.evalStepInterval()).isEmpty();
    assertThat(options.course().evalStepInterval(1_000_000)).isEqualTo(10);
    assertThat(options.earlyStop()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 1, -1, 1, 1, 0, 0", "1, 1, 1, 1, 5, 0.999999, 1e9"})
  void theEndsOfTheRangesAreTaken(
      int iterations,
      int train,
      int validation,
      int interval,
      int early,
      double average,
      double l2) {
    assertThatCode(
            () ->
                new TrainingOptions(
                    new Sampling.Balanced(iterations, train),
                    new Optimizer.Adam(RATE),
                    List.of(),
                    validation,
                    OptionalInt.of(interval),
                    1,
                    OptionalInt.of(early),
                    new Regularization(true, l2, average),
                    0))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 150, -1, 10, 1, 0.9, 100, 'iterations must be at least 1, but is 0'",
    "10, 0, -1, 10, 1, 0.9, 100, 'training batch size must be at least 1, but is 0'",
    "10, 150, 0, 10, 1, 0.9, 100, validation batch size",
    "10, 150, -2, 10, 1, 0.9, 100, validation batch size",
    "10, 150, -1, 0, 1, 0.9, 100, evaluation interval",
    "10, 150, -1, 10, 0, 0.9, 100, early stop",
    "10, 150, -1, 10, 1, 1, 100, average decay",
    "10, 150, -1, 10, 1, -0.1, 100, average decay",
    "10, 150, -1, 10, 1, NaN, 100, average decay",
    "10, 150, -1, 10, 1, 0.9, -1, l2",
    "10, 150, -1, 10, 1, 0.9, Infinity, l2"
  })
  void valuesOutOfRangeAreRefused(
      int iterations,
      int train,
      int validation,
      int interval,
      int early,
      double average,
      double l2,
      String said) {
    assertThatThrownBy(
            () ->
                new TrainingOptions(
                    new Sampling.Balanced(iterations, train),
                    new Optimizer.Adam(RATE),
                    List.of(),
                    validation,
                    OptionalInt.of(interval),
                    1,
                    OptionalInt.of(early),
                    new Regularization(true, l2, average),
                    1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0, weight decay must be at least 0",
    "NaN, 0, 0, weight decay",
    "0, 1, 0, label smoothing must be at least 0 and below 1",
    "0, 0, 1, dropout must be at least 0 and below 1",
    "0, 0, -0.1, dropout"
  })
  void regularizationOutOfRangeIsRefused(
      double weightDecay, double smoothing, double dropout, String said) {
    assertThatThrownBy(() -> new Regularization(true, 0, 0, weightDecay, smoothing, dropout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void coursesAndOptimizersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Sampling.Epochs(0, 1)).hasMessageContaining("epochs");
    assertThatThrownBy(() -> new Sampling.Epochs(1, 0)).hasMessageContaining("batch size");
    assertThatThrownBy(() -> new Optimizer.Sgd(RATE, 1)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> new LearningRate.Cosine(0)).hasMessageContaining("learning rate");
    assertThatThrownBy(() -> new LearningRate.Constant(-1)).hasMessageContaining("learning rate");
  }

  @Test
  void epochsAreCountedInUpdates() {
    assertThat(new Sampling.Epochs(3, 50).iterations(100)).isEqualTo(6);
    assertThat(new Sampling.Epochs(3, 50).iterations(101)).isEqualTo(9);
    assertThat(new Sampling.Epochs(3, 50).evalStepInterval(101)).isEqualTo(3);
    assertThat(new Sampling.Epochs(1, 500).iterations(1)).isEqualTo(1);
  }
}

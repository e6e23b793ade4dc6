package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingOptionsTest {
  private static final StepDecay RATE = new StepDecay(0.01, 65, 0.95);

  @Test
  void theDefaultsAreThoseOfTheProjectBefore() {
    TrainingOptions options = TrainingOptions.DEFAULT;

    assertThat(options.iterations()).isEqualTo(2000);
    assertThat(options.learningRate()).isEqualTo(RATE);
    assertThat(options.trainBatchSize()).isEqualTo(150);
    assertThat(options.validationBatchSize()).isEqualTo(-1);
    assertThat(options.evalStepInterval()).isEqualTo(10);
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
                    iterations,
                    RATE,
                    train,
                    validation,
                    interval,
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
                    iterations,
                    RATE,
                    train,
                    validation,
                    interval,
                    1,
                    OptionalInt.of(early),
                    new Regularization(true, l2, average),
                    1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }
}

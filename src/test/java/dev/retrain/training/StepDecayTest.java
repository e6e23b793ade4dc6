package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepDecayTest {
  @Test
  void everyStairIsTheOneBeforeTimesTheRate() {
    StepDecay decay = new StepDecay(0.01, 65, 0.95);
    double expected = 0.01;
    for (int step = 0; step < 4000; step++) {
      if (step > 0 && step % 65 == 0) {
        expected *= 0.95;
      }
      assertThat((double) decay.at(step, 5000)).isBetween(expected * 0.999999, expected * 1.000001);
    }
  }

  @Test
  void theRateFallsAtTheFirstStepOfAStair() {
    StepDecay decay = new StepDecay(0.5, 3, 0.5);

    assertThat(
            new float[] {
              decay.at(0, 5000),
              decay.at(2, 5000),
              decay.at(3, 5000),
              decay.at(5, 5000),
              decay.at(6, 5000)
            })
        .containsExactly(0.5f, 0.5f, 0.25f, 0.25f, 0.125f);
  }

  @Test
  void aRateOfOneNeverFalls() {
    assertThat(new StepDecay(0.1, 1, 1).at(1_000_000, 5000)).isEqualTo(0.1f);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 65, 0.95, learning rate",
    "-0.01, 65, 0.95, learning rate",
    "NaN, 65, 0.95, learning rate",
    "Infinity, 65, 0.95, learning rate",
    "0.01, 0, 0.95, decay steps",
    "0.01, 65, 0, decay rate",
    "0.01, 65, 1.01, decay rate",
    "0.01, 65, NaN, decay rate"
  })
  void valuesOutOfRangeAreRefused(double initial, int steps, double rate, String said) {
    assertThatThrownBy(() -> new StepDecay(initial, steps, rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void halfAWaveGoesFromTheFirstRateToNearlyNone() {
    LearningRate cosine = new LearningRate.Cosine(0.5);

    assertThat(cosine.at(0, 100)).isEqualTo(0.5f);
    assertThat(cosine.at(50, 100)).isEqualTo(0.25f);
    assertThat((double) cosine.at(25, 100)).isCloseTo(0.4267767, Offset.offset(1e-6));
    assertThat(cosine.at(99, 100)).isBetween(1e-5f, 2e-4f);
  }

  @Test
  void aConstantRateStays() {
    assertThat(new LearningRate.Constant(0.3).at(77, 100)).isEqualTo(0.3f);
  }
}

package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
      assertThat((double) decay.at(step)).isBetween(expected * 0.999999, expected * 1.000001);
    }
  }

  @Test
  void theRateFallsAtTheFirstStepOfAStair() {
    StepDecay decay = new StepDecay(0.5, 3, 0.5);

    assertThat(new float[] {decay.at(0), decay.at(2), decay.at(3), decay.at(5), decay.at(6)})
        .containsExactly(0.5f, 0.5f, 0.25f, 0.25f, 0.125f);
  }

  @Test
  void aRateOfOneNeverFalls() {
    assertThat(new StepDecay(0.1, 1, 1).at(1_000_000)).isEqualTo(0.1f);
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
}

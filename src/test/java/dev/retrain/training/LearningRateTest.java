package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.training.LearningRate.Constant;
import dev.retrain.training.LearningRate.Cosine;
import dev.retrain.training.LearningRate.Staircase;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRateTest {
  @Test
  void staircaseMultipliesTheRateOncePerDecayInterval() {
    Staircase schedule = new Staircase(0.01, 65, 0.95);
    double expected = 0.01;
    for (int step = 0; step < 4000; step++) {
      if (step > 0 && step % 65 == 0) {
        expected *= 0.95;
      }
      assertThat((double) schedule.at(step, 5000))
          .isBetween(expected * 0.999999, expected * 1.000001);
    }
  }

  @Test
  void staircaseDecaysAtTheFirstStepOfAnInterval() {
    Staircase schedule = new Staircase(0.5, 3, 0.5);

    assertThat(
            new float[] {
              schedule.at(0, 5000),
              schedule.at(2, 5000),
              schedule.at(3, 5000),
              schedule.at(5, 5000),
              schedule.at(6, 5000)
            })
        .containsExactly(0.5f, 0.5f, 0.25f, 0.25f, 0.125f);
  }

  @Test
  void staircaseWithDecayRateOneIsConstant() {
    assertThat(new Staircase(0.1, 1, 1).at(1_000_000, 5000)).isEqualTo(0.1f);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 65, 0.95, LEARNING_RATE",
    "-0.01, 65, 0.95, LEARNING_RATE",
    "NaN, 65, 0.95, LEARNING_RATE",
    "Infinity, 65, 0.95, LEARNING_RATE",
    "0.01, 0, 0.95, DECAY_STEPS",
    "0.01, 65, 0, DECAY_RATE",
    "0.01, 65, 1.01, DECAY_RATE",
    "0.01, 65, NaN, DECAY_RATE"
  })
  void staircaseRejectsValuesOutOfRange(
      double initial, int decaySteps, double decayRate, Setting setting) {
    assertThatThrownBy(() -> new Staircase(initial, decaySteps, decayRate))
        .isInstanceOfSatisfying(
            InvalidSettingException.class, e -> assertThat(e.setting()).isEqualTo(setting));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void initialRateMustBeFiniteAndPositive(double initial) {
    assertThatThrownBy(() -> new Cosine(initial)).isInstanceOf(InvalidSettingException.class);
    assertThatThrownBy(() -> new Constant(initial)).isInstanceOf(InvalidSettingException.class);
  }

  @Test
  void cosineDecaysFromTheInitialRateToAlmostZero() {
    Cosine schedule = new Cosine(0.5);

    assertThat(schedule.at(0, 100)).isEqualTo(0.5f);
    assertThat(schedule.at(50, 100)).isEqualTo(0.25f);
    assertThat((double) schedule.at(25, 100)).isCloseTo(0.4267767, Offset.offset(1e-6));
    assertThat(schedule.at(99, 100)).isBetween(1e-5f, 2e-4f);
  }

  @Test
  void constantRateNeverChanges() {
    assertThat(new Constant(0.3).at(77, 100)).isEqualTo(0.3f);
  }
}

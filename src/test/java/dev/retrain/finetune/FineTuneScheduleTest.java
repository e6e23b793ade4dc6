package dev.retrain.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.testing.PythonClient;
import java.io.IOException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FineTuneScheduleTest {
  private static final Offset<Double> ROUNDING = Offset.offset(2e-7);

  /** Keras starts the warm-up at 0; here, the first update has the rate of its second one. */
  @Test
  void cosineIsThatOfKeras() throws IOException {
    int steps = 103;
    int warmup = 15;
    JsonNode expected = PythonClient.require().run("fine_tune.py", "cosine", warmup, steps);
    FineTuneSchedule schedule = new FineTuneSchedule.Cosine(warmup);
    for (int step = 0; step < steps; step++) {
      double rate = expected.get(step < warmup ? step + 1 : step).asDouble();
      assertThat(schedule.factor(step, steps)).as("step %s", step).isCloseTo(rate, ROUNDING);
    }
  }

  @Test
  void warmupUsesAtMostAFifthOfTheUpdates() {
    FineTuneSchedule schedule = new FineTuneSchedule.Constant(200);
    double[] factors = new double[10];
    for (int step = 0; step < 10; step++) {
      factors[step] = schedule.factor(step, 10);
    }
    assertThat(factors).containsExactly(0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  /** The values that PyTorch documents: max_lr / 25 first, max_lr / 250,000 last. */
  @Test
  void oneCycleRisesAndFalls() {
    FineTuneSchedule schedule = new FineTuneSchedule.OneCycle(0.3);
    assertThat(schedule.factor(0, 100)).isCloseTo(0.04, ROUNDING);
    // Half way up: the mean of both ends of half a cosine.
    assertThat((schedule.factor(14, 100) + schedule.factor(15, 100)) / 2)
        .isCloseTo((0.04 + 1) / 2, ROUNDING);
    assertThat(schedule.factor(29, 100)).isEqualTo(1);
    assertThat(schedule.factor(64, 100)).isCloseTo((1 + 4e-6) / 2, ROUNDING);
    assertThat(schedule.factor(99, 100)).isCloseTo(4e-6, Offset.offset(1e-12));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 10})
  void factorsOfShortTrainingsAreAboveZeroAndAtMostOne(int steps) {
    FineTuneSchedule[] schedules = {
      new FineTuneSchedule.Cosine(200),
      new FineTuneSchedule.Cosine(0),
      new FineTuneSchedule.Constant(3),
      new FineTuneSchedule.OneCycle()
    };
    for (FineTuneSchedule schedule : schedules) {
      for (int step = 0; step < steps; step++) {
        assertThat(schedule.factor(step, steps)).isGreaterThan(0).isLessThanOrEqualTo(1);
      }
    }
  }
}

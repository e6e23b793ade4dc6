package dev.retrain.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0.1, 1 second",
    "1, 1 second",
    "1.1, 2 seconds",
    "119, 119 seconds",
    "120, 2 minutes",
    "7200, 2.0 hours"
  })
  void durations(double seconds, String text) {
    assertThat(Numbers.duration(seconds)).isEqualTo(text);
  }
}

package dev.retrain.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitOptionsTest {
  @Test
  void theDefaultIsFifteenPercentForTheTestAndTenForValidation() {
    assertThat(SplitOptions.DEFAULT).isEqualTo(new SplitOptions(15, 10, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "98, 1", "1, 98", "50, 49"})
  void whatLeavesOnePercentToTrainOnIsTaken(int testing, int validation) {
    assertThatCode(() -> new SplitOptions(testing, validation, Optional.empty()))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, testing percentage must be from 1 to 98",
    "99, 10, testing percentage must be from 1 to 98",
    "-5, 10, testing percentage must be from 1 to 98",
    "15, 0, validation percentage must be from 1 to 98",
    "15, 99, validation percentage must be from 1 to 98",
    "50, 50, leave nothing to train on"
  })
  void otherPercentagesAreRefused(int testing, int validation, String said) {
    assertThatThrownBy(() -> new SplitOptions(testing, validation, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void theTestingPercentageIsNotCountedBesideAGlob() {
    assertThatCode(() -> new SplitOptions(60, 50, Optional.of("bt_*"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "{a,b", "a\\"})
  void aMalformedGlobIsRefusedWithItsText(String glob) {
    assertThatThrownBy(() -> new SplitOptions(15, 10, Optional.of(glob)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + glob + "' is not a glob");
  }
}

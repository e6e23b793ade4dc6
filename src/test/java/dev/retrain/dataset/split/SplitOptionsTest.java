package dev.retrain.dataset.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitOptionsTest {
  @Test
  void defaultIsFifteenPercentTestAndTenPercentValidation() {
    assertThat(SplitOptions.DEFAULT).isEqualTo(new SplitOptions(15, 10, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "98, 1", "1, 98", "50, 49"})
  void onePercentTrainingImagesIsAccepted(int testing, int validation) {
    assertThatCode(() -> new SplitOptions(testing, validation, Optional.empty()))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, TESTING_PERCENTAGE",
    "99, 10, TESTING_PERCENTAGE",
    "-5, 10, TESTING_PERCENTAGE",
    "15, 0, VALIDATION_PERCENTAGE",
    "15, 99, VALIDATION_PERCENTAGE",
    "50, 50, TESTING_PERCENTAGE"
  })
  void otherPercentagesAreRejected(int testing, int validation, Setting setting) {
    assertThatThrownBy(() -> new SplitOptions(testing, validation, Optional.empty()))
        .isInstanceOfSatisfying(
            InvalidSettingException.class, e -> assertThat(e.setting()).isEqualTo(setting));
  }

  @Test
  void testingPercentageIsIgnoredWithTestFilePattern() {
    assertThatCode(() -> new SplitOptions(60, 50, Optional.of("bt_*"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "{a,b", "a\\"})
  void malformedPatternIsRejected(String glob) {
    assertThatThrownBy(() -> new SplitOptions(15, 10, Optional.of(glob)))
        .isInstanceOfSatisfying(
            InvalidSettingException.class,
            e -> assertThat(e.setting()).isEqualTo(Setting.TEST_FILES))
        .hasMessageContaining("'" + glob + "'");
  }
}

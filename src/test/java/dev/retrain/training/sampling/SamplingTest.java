package dev.retrain.training.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SamplingTest {
  @Test
  void epochsAreConvertedToIterations() {
    assertThat(new Sampling.Epochs(3, 50).iterations(100)).isEqualTo(6);
    assertThat(new Sampling.Epochs(3, 50).iterations(101)).isEqualTo(9);
    assertThat(new Sampling.Epochs(3, 50).evalStepInterval(101)).isEqualTo(3);
    assertThat(new Sampling.Epochs(1, 500).iterations(1)).isEqualTo(1);
  }

  @Test
  void balancedSamplingDoesNotDependOnTheNumberOfImages() {
    assertThat(new Sampling.Balanced(20, 50).iterations(1_000_000)).isEqualTo(20);
    assertThat(new Sampling.Balanced(20, 50).evalStepInterval(1_000_000)).isEqualTo(10);
  }

  @Test
  void valuesBelowOneAreRejected() {
    assertRejected(Setting.ITERATIONS, () -> new Sampling.Balanced(0, 1));
    assertRejected(Setting.BATCH_SIZE, () -> new Sampling.Balanced(1, 0));
    assertRejected(Setting.EPOCHS, () -> new Sampling.Epochs(0, 1));
    assertRejected(Setting.BATCH_SIZE, () -> new Sampling.Epochs(1, 0));
  }

  private static void assertRejected(Setting setting, ThrowingCallable constructor) {
    assertThatThrownBy(constructor)
        .isInstanceOfSatisfying(
            InvalidSettingException.class, e -> assertThat(e.setting()).isEqualTo(setting));
  }
}

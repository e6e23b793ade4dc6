package dev.retrain.report.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SmoothingTest {
  @Test
  void smoothsLikeTensorBoard() {
    // 1; (0.16 + 0.4) / 0.36; (0.448 + 0.6) / 0.488
    double[] smooth = Smoothing.smooth(new double[] {1, 2, 3});

    assertThat(smooth)
        .containsExactly(new double[] {1, 0.56 / 0.36, 1.048 / 0.488}, Offset.offset(1e-12));
  }

  @Test
  void constantValuesStayConstant() {
    assertThat(Smoothing.smooth(new double[] {0.3, 0.3, 0.3, 0.3}))
        .containsExactly(new double[] {0.3, 0.3, 0.3, 0.3}, Offset.offset(1e-12));
  }

  @Test
  void singleValueStaysTheSame() {
    assertThat(Smoothing.smooth(new double[] {0.7}))
        .containsExactly(new double[] {0.7}, Offset.offset(1e-12));
  }

  @Test
  void inputIsNotModified() {
    double[] measured = {1, 2, 3};
    Smoothing.smooth(measured);

    assertThat(measured).containsExactly(1, 2, 3);
  }
}

package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingOptionsTest {
  private static final LearningRate RATE = new LearningRate.Staircase(0.01, 65, 0.95);

  private static TrainingOptions options(int validation, int interval, int histograms, int early) {
    return TrainingOptions.builder()
        .validationBatchSize(validation)
        .evalStepInterval(interval)
        .histogramInterval(histograms)
        .earlyStop(early)
        .build();
  }

  private static Regularization regularization(
      double averageDecay, double l2, double weightDecay, double smoothing, double dropout) {
    return Regularization.builder()
        .averageDecay(averageDecay)
        .l2(l2)
        .weightDecay(weightDecay)
        .labelSmoothing(smoothing)
        .dropout(dropout)
        .build();
  }

  @Test
  void defaultsAreTheDocumentedOnes() {
    TrainingOptions options = TrainingOptions.DEFAULT;

    assertThat(options.sampling()).isEqualTo(new Sampling.Balanced(2000, 150));
    assertThat(options.optimizer()).isEqualTo(new Optimizer.Adam(RATE));
    assertThat(options.hiddenUnits()).isEmpty();
    assertThat(options.validationBatchSize()).isEqualTo(-1);
    assertThat(options.evalStepInterval()).isEmpty();
    assertThat(options.histogramInterval()).isEqualTo(1);
    assertThat(options.earlyStop()).isEmpty();
    assertThat(options.seed()).isEqualTo(1);
    assertThat(options.regularization())
        .isEqualTo(Regularization.DEFAULT)
        .isEqualTo(new Regularization(true, 100, 0.9995, 0, 0, 0));
  }

  @Test
  void toBuilderKeepsAllValues() {
    Regularization regularization = new Regularization(false, 1, 0.1, 2, 0.2, 0.3);
    TrainingOptions options =
        TrainingOptions.builder()
            .sampling(new Sampling.Epochs(2, 3))
            .optimizer(new Optimizer.Sgd(RATE, 0.5))
            .hiddenUnits(List.of(4, 5))
            .validationBatchSize(6)
            .evalStepInterval(7)
            .histogramInterval(8)
            .earlyStop(9)
            .regularization(regularization)
            .seed(10)
            .build();

    assertThat(options.toBuilder().build()).isEqualTo(options).hasSameHashCodeAs(options);
    assertThat(options.toBuilder().seed(11).build()).isNotEqualTo(options);
    assertThat(regularization.toBuilder().build()).isEqualTo(regularization);
  }

  @ParameterizedTest
  @CsvSource({"-1, 1, 0, 1", "1, 1, 1, 5"})
  void limitsOfTheRangesAreAccepted(int validation, int interval, int histograms, int early) {
    assertThatCode(() -> options(validation, interval, histograms, early))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 1, 1, VALIDATION_BATCH_SIZE",
    "-2, 10, 1, 1, VALIDATION_BATCH_SIZE",
    "-1, 0, 1, 1, EVALUATION_INTERVAL",
    "-1, 10, -1, 1, HISTOGRAM_INTERVAL",
    "-1, 10, 1, 0, EARLY_STOPPING"
  })
  void valuesOutOfRangeAreRejected(
      int validation, int interval, int histograms, int early, Setting setting) {
    assertThatThrownBy(() -> options(validation, interval, histograms, early))
        .isInstanceOfSatisfying(
            InvalidSettingException.class, e -> assertThat(e.setting()).isEqualTo(setting));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0, 0, 0", "0.999999, 1e9, 1e9, 0.999999, 0.999999"})
  void limitsOfRegularizationAreAccepted(
      double averageDecay, double l2, double weightDecay, double smoothing, double dropout) {
    assertThatCode(() -> regularization(averageDecay, l2, weightDecay, smoothing, dropout))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 100, 0, 0, 0, MOVING_AVERAGE_DECAY",
    "-0.1, 100, 0, 0, 0, MOVING_AVERAGE_DECAY",
    "NaN, 100, 0, 0, 0, MOVING_AVERAGE_DECAY",
    "0.9, -1, 0, 0, 0, L2",
    "0.9, Infinity, 0, 0, 0, L2",
    "0, 0, -1, 0, 0, WEIGHT_DECAY",
    "0, 0, NaN, 0, 0, WEIGHT_DECAY",
    "0, 0, 0, 1, 0, LABEL_SMOOTHING",
    "0, 0, 0, 0, 1, DROPOUT",
    "0, 0, 0, 0, -0.1, DROPOUT"
  })
  void regularizationOutOfRangeIsRejected(
      double averageDecay,
      double l2,
      double weightDecay,
      double smoothing,
      double dropout,
      Setting setting) {
    assertThatThrownBy(() -> regularization(averageDecay, l2, weightDecay, smoothing, dropout))
        .isInstanceOfSatisfying(
            InvalidSettingException.class, e -> assertThat(e.setting()).isEqualTo(setting));
  }

  @Test
  void hiddenLayersNeedAtLeastOneUnit() {
    assertThatThrownBy(() -> TrainingOptions.builder().hiddenUnits(List.of(8, 0)).build())
        .isInstanceOfSatisfying(
            InvalidSettingException.class,
            e -> assertThat(e.setting()).isEqualTo(Setting.HIDDEN_UNITS));
  }

  @Test
  void dropoutNeedsAHiddenLayer() {
    TrainingOptions.Builder options =
        TrainingOptions.builder().regularization(Regularization.builder().dropout(0.5).build());

    assertThatThrownBy(options::build)
        .isInstanceOfSatisfying(
            InvalidSettingException.class, e -> assertThat(e.setting()).isEqualTo(Setting.DROPOUT));
    assertThatCode(options.hiddenUnits(List.of(8))::build).doesNotThrowAnyException();
  }

  @Test
  void momentumOutOfRangeIsRejected() {
    assertThatThrownBy(() -> new Optimizer.Sgd(RATE, 1))
        .isInstanceOfSatisfying(
            InvalidSettingException.class,
            e -> assertThat(e.setting()).isEqualTo(Setting.MOMENTUM));
  }
}

package dev.retrain.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.finetune.graph.FineTuneOptimizer;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FineTuneOptionsTest {
  static Stream<Arguments> invalid() {
    return Stream.of(
        invalid(Setting.FINE_TUNE_EPOCHS, "must be from 1 to 10,000, but is 0", b -> b.epochs(0)),
        invalid(Setting.FINE_TUNE_BATCH_SIZE, "must be at least 2, but is 1", b -> b.batchSize(1)),
        invalid(Setting.FINE_TUNE_ACCUMULATE, "must be at least 1, but is 0", b -> b.accumulate(0)),
        invalid(
            Setting.FINE_TUNE_LEARNING_RATE,
            "must be finite and above 0, but is 0.0",
            b -> b.learningRate(0)),
        invalid(
            Setting.FINE_TUNE_LEARNING_RATE,
            "must be finite and above 0, but is NaN",
            b -> b.learningRate(Double.NaN)),
        invalid(
            Setting.FINE_TUNE_WARMUP,
            "must be at least 0, but is -1",
            b -> b.schedule(new FineTuneSchedule.Cosine(-1))),
        invalid(
            Setting.FINE_TUNE_WARMUP,
            "must be at least 0, but is -1",
            b -> b.schedule(new FineTuneSchedule.Constant(-1))),
        invalid(
            Setting.FINE_TUNE_WARMUP,
            "must be a fraction above 0 and below 1 with one cycle, but is 1.0",
            b -> b.schedule(new FineTuneSchedule.OneCycle(1))),
        invalid(
            Setting.FINE_TUNE_MOMENTUM,
            "must be at least 0 and below 1, but is 1.0",
            b -> b.optimizer(new FineTuneOptimizer.Sgd(1))),
        invalid(
            Setting.FINE_TUNE_WEIGHT_DECAY,
            "must be finite and at least 0, but is -1.0",
            b -> b.weightDecay(-1)),
        invalid(
            Setting.FINE_TUNE_LABEL_SMOOTHING,
            "must be at least 0 and below 1, but is 1.0",
            b -> b.labelSmoothing(1)),
        invalid(
            Setting.FINE_TUNE_AVERAGE_DECAY,
            "must be at least 0 and below 1, but is 1.0",
            b -> b.averageDecay(1)),
        invalid(
            Setting.CLIP_NORM,
            "must be finite and at least 0, but is Infinity",
            b -> b.clipNorm(Double.POSITIVE_INFINITY)),
        // TensorFlow's floats would be infinite.
        invalid(
            Setting.CLIP_NORM,
            "must be at most 3.4028235E38, but is 1.0E39",
            b -> b.clipNorm(1e39)),
        invalid(
            Setting.FINE_TUNE_WEIGHT_DECAY,
            "must be at most 3.4028235E38, but is 1.0E300",
            b -> b.weightDecay(1e300)),
        invalid(
            Setting.FINE_TUNE_LEARNING_RATE,
            "must be at most 3.4028235E38, but is 1.0E39",
            b -> b.learningRate(1e39)),
        invalid(
            Setting.LAYER_DECAY, "must be above 0 and at most 1, but is 0.0", b -> b.layerDecay(0)),
        invalid(
            Setting.LAYER_DECAY,
            "must be above 0 and at most 1, but is 1.5",
            b -> b.layerDecay(1.5)),
        invalid(
            Setting.FINE_TUNE_EARLY_STOPPING, "must be at least 1, but is 0", b -> b.earlyStop(0)));
  }

  private static Arguments invalid(
      Setting setting, String problem, Consumer<FineTuneOptions.Builder> change) {
    return Arguments.of(setting, problem, change);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void invalidValuesAreRefused(
      Setting setting, String problem, Consumer<FineTuneOptions.Builder> change) {
    FineTuneOptions.Builder builder = FineTuneOptions.builder(1000);
    assertThatThrownBy(
            () -> {
              change.accept(builder);
              builder.build();
            })
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(setting.subject() + " " + problem);
  }

  @ParameterizedTest
  @CsvSource({"1, 30", "500, 30", "5000, 14", "45000, 7", "1000000, 7"})
  void epochsDependOnTheNumberOfImages(int images, int epochs) {
    assertThat(FineTuneOptions.builder(images).build().epochs()).isEqualTo(epochs);
  }

  @ParameterizedTest
  @CsvSource({
    "50000, 128, 1, 2e-3",
    "50000, 256, 1, 2e-3",
    "50000, 32, 1, 5e-4",
    "50000, 32, 2, 1e-3",
    "50000, 32, 8, 2e-3",
    "64, 128, 1, 1e-3"
  })
  void rateIsProportionalToSmallBatches(int images, int batch, int accumulate, double rate) {
    FineTuneOptions options =
        FineTuneOptions.builder(images).batchSize(batch).accumulate(accumulate).build();
    assertThat(options.learningRate()).isCloseTo(rate, Offset.offset(1e-12));
  }

  @Test
  void identityHasEveryOption() {
    FineTuneOptions options = FineTuneOptions.builder(1000).earlyStop(7).build();
    assertThat(options.identity())
        .hasSameSizeAs(FineTuneOptions.class.getRecordComponents())
        .containsEntry("the learning rate", "0.002")
        .containsEntry("the early-stopping patience", "7");
  }
}

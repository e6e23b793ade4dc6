package dev.retrain.job.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.image.Preprocessing;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.finetune.FineTuneRequest;
import dev.retrain.job.finetune.FineTuneSettings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.tensorboard.LogDirectory;
import dev.retrain.testing.EventTexts;
import dev.retrain.testing.SmallNetwork;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep over fine-tunings that is interrupted. */
class FineTuneSweepResumeTest {
  private static final int EPOCHS = 4;

  @TempDir private static Path directory;
  private static Path images;
  private static Counting undisturbed;

  @BeforeAll
  static void sweepWithoutInterruption() throws IOException {
    images = directory.resolve("images");
    SampleImages.write(images, 20, 1, Progress.NONE);
    undisturbed = new Counting(Long.MAX_VALUE);
    sweep("undisturbed", undisturbed);
  }

  private static SweepRun run(double rate) {
    FineTuneSettings settings =
        new FineTuneSettings(
            new FineTuneLayers.All(),
            count ->
                FineTuneOptions.builder(count)
                    .epochs(EPOCHS)
                    .batchSize(16)
                    .learningRate(rate)
                    .build(),
            Duration.ofMinutes(5),
            false);
    return new SweepRun(
        Map.of("rate", Double.toString(rate)),
        Map.of("rate", Double.toString(rate)),
        TrainingOptions.builder().sampling(new Sampling.Balanced(20, 20)).build(),
        Optional.of(new FineTuneRequest(OptionalInt.empty(), settings)));
  }

  private static TrainOutputs outputs(String name) {
    return TrainOutputs.in(directory.resolve(name));
  }

  private static SweepResult sweep(String name, Progress progress) throws IOException {
    Backbone backbone =
        new Backbone(
            "small",
            SmallNetwork.graph(),
            "00",
            "images:0",
            List.of("features:0"),
            new Preprocessing(SmallNetwork.SIZE, SmallNetwork.SIZE, 127.5f, 127.5f));
    return SweepJob.builder(
            ImageSource.of(images, directory.resolve("cache"), backbone),
            List.of(run(0.001), run(0.004)),
            outputs(name))
        .build()
        .run(progress);
  }

  private static Path logs(String name, String rate) {
    return outputs(name).summariesDir().resolve("rate=" + rate + ",seed=1");
  }

  /** The second run continues where it was. */
  @Test
  void interruptedRunContinues() throws IOException {
    long both = undisturbed.totals.get(0) + undisturbed.totals.get(1);
    assertThatThrownBy(() -> sweep("interrupted", new Counting(both * 3 / 4)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("1 of 2 trainings are finished");
    assertThat(outputs("interrupted").model().graph()).doesNotExist();

    Counting progress = new Counting(Long.MAX_VALUE);
    SweepResult result = sweep("interrupted", progress);

    assertThat(result.results()).extracting(RunResult::reused).containsExactly(true, false);
    assertThat(progress.totals.get(0)).isPositive().isLessThan(undisturbed.totals.get(1));
    assertThat(outputs("interrupted").model().graph())
        .hasSameBinaryContentAs(outputs("undisturbed").model().graph());
    for (String rate : List.of("0.001", "0.004")) {
      assertThat(EventTexts.read(LogDirectory.train(logs("interrupted", rate))))
          .isEqualTo(EventTexts.read(LogDirectory.train(logs("undisturbed", rate))));
      assertThat(EventTexts.read(LogDirectory.validation(logs("interrupted", rate))))
          .isEqualTo(EventTexts.read(LogDirectory.validation(logs("undisturbed", rate))));
    }
    assertThat(names("interrupted")).isEqualTo(names("undisturbed"));
  }

  /** Its last state is kept until the end of the sweep. */
  @Test
  void bestNetworkIsNotTrainedAgain() {
    assertThat(undisturbed.totals).hasSize(3);
    assertThat(undisturbed.totals.get(1)).isPositive().isEqualTo(undisturbed.totals.get(0));
    assertThat(undisturbed.totals.get(2)).isZero();
  }

  private static List<String> names(String name) throws IOException {
    Path logs = outputs(name).summariesDir();
    try (Stream<Path> files = Files.walk(logs)) {
      return files
          .map(file -> logs.relativize(file).toString().replaceFirst("events[.].*", "events"))
          .sorted()
          .toList();
    }
  }

  /** Cancels when a number of images was fine-tuned on. */
  private static final class Counting implements Progress {
    private final long images;
    private final List<Long> totals = new ArrayList<>();
    private boolean fineTuning;
    private long done;

    Counting(long images) {
      this.images = images;
    }

    @Override
    public synchronized void begin(String stage, String unit, long total) {
      fineTuning = stage.equals("Fine-tuning");
      if (fineTuning) {
        totals.add(total);
      }
    }

    @Override
    public synchronized void advance(long count) {
      done += fineTuning ? count : 0;
    }

    @Override
    public void end() {}

    @Override
    public synchronized boolean cancelled() {
      return done >= images;
    }
  }
}

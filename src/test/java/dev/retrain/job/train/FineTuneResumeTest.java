package dev.retrain.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.image.DistortionKind;
import dev.retrain.finetune.image.ImageDistortions;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.image.Preprocessing;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.finetune.FineTuneSettings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.model.ModelBundle;
import dev.retrain.tensorboard.LogDirectory;
import dev.retrain.testing.EventTexts;
import dev.retrain.testing.SmallNetwork;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fine-tuning that is interrupted. */
class FineTuneResumeTest {
  @TempDir private static Path directory;
  private static Path images;

  @BeforeAll
  static void writeImages() throws IOException {
    images = directory.resolve("images");
    SampleImages.write(images, 30, 1, Progress.NONE);
    TrainResult result = train("undisturbed", false, 1, Progress.NONE);
    assertThat(result.model().training().fineTuning().used()).isTrue();
  }

  private static Path graph(String name) {
    return TrainOutputs.in(directory.resolve(name)).model().graph();
  }

  private static TrainResult train(String name, boolean resume, long seed, Progress progress)
      throws IOException {
    Backbone backbone =
        new Backbone(
            "small",
            SmallNetwork.graph(),
            "00",
            "images:0",
            List.of("features:0"),
            new Preprocessing(SmallNetwork.SIZE, SmallNetwork.SIZE, 127.5f, 127.5f));
    return TrainJob.builder(
            ImageSource.of(images, directory.resolve("cache"), backbone),
            TrainOutputs.in(directory.resolve(name)))
        .training(TrainingOptions.builder().sampling(new Sampling.Balanced(20, 50)).build())
        .fineTuning(
            Optional.of(
                new FineTuneSettings(
                    new FineTuneLayers.All(),
                    count ->
                        FineTuneOptions.builder(count)
                            .epochs(20)
                            .batchSize(16)
                            .learningRate(0.005)
                            .distortions(ImageDistortions.NONE.with(DistortionKind.FLIP, 1))
                            .averageDecay(0.5)
                            .seed(seed)
                            .build(),
                    Duration.ofMinutes(5),
                    resume)))
        .build()
        .run(progress);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 912, 2400})
  void interruptedTrainingResumesToTheSameModel(int afterImages) throws IOException {
    String name = "interrupted" + afterImages;
    TrainResult interrupted = train(name, false, 1, new CancelledAfter(afterImages));
    assertThat(interrupted.training().cancelled()).isTrue();
    assertThat(ModelBundle.read(graph(name)).metadata().metrics().testCount()).isPositive();

    assertThat(train(name, true, 1, Progress.NONE).training().cancelled()).isFalse();
    assertThat(graph(name)).hasSameBinaryContentAs(graph("undisturbed"));
    assertSameEvents(name);
  }

  @Test
  void trainingIsResumedTwice() throws IOException {
    train("twice", false, 1, new CancelledAfter(912));
    train("twice", true, 1, new CancelledAfter(640));
    train("twice", true, 1, Progress.NONE);
    assertThat(graph("twice")).hasSameBinaryContentAs(graph("undisturbed"));
    assertSameEvents("twice");
  }

  /** As kill -9 before the first checkpoint of the resumed training: the old one counts again. */
  @Test
  void interruptedResumptionKeepsTheEvents() throws IOException {
    train("early", false, 1, new CancelledAfter(912));
    assertThatThrownBy(() -> train("early", true, 1, new CancelledHead()))
        .isInstanceOf(CancelledException.class);
    train("early", true, 1, Progress.NONE);
    assertThat(graph("early")).hasSameBinaryContentAs(graph("undisturbed"));
    assertSameEvents("early");
  }

  @Test
  void modelDoesNotNeedTheEventsOfTheInterruptedTraining() throws IOException {
    train("without", false, 1, new CancelledAfter(912));
    FileUtils.deleteDirectory(logs("without").toFile());
    train("without", true, 1, Progress.NONE);
    assertThat(graph("without")).hasSameBinaryContentAs(graph("undisturbed"));
    List<Long> steps = EventTexts.steps(LogDirectory.train(logs("without")));
    assertThat(steps).startsWith(0L, 0L, 1L).isSorted();
    assertThat(last(steps))
        .isEqualTo(last(EventTexts.steps(LogDirectory.train(logs("undisturbed")))));
  }

  private static Path logs(String name) {
    return TrainOutputs.in(directory.resolve(name)).summariesDir();
  }

  private static long last(List<Long> steps) {
    return steps.get(steps.size() - 1);
  }

  /** TensorBoard shows what it would show without the interruption: every event, and each once. */
  private static void assertSameEvents(String name) throws IOException {
    assertThat(EventTexts.read(LogDirectory.train(logs(name))))
        .isEqualTo(EventTexts.read(LogDirectory.train(logs("undisturbed"))));
    assertThat(EventTexts.read(LogDirectory.validation(logs(name))))
        .isEqualTo(EventTexts.read(LogDirectory.validation(logs("undisturbed"))));
  }

  @Test
  void checkpointOfOtherOptionsIsRefused() throws IOException {
    train("other", false, 1, new CancelledAfter(32));
    byte[] before = Files.readAllBytes(graph("other"));
    List<Path> eventsBefore = events("other");
    assertThat(eventsBefore).isNotEmpty();
    assertThatThrownBy(() -> train("other", true, 2, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("output_graph.pb.checkpoint")
        .hasMessageContaining("seed");
    assertThat(graph("other")).hasBinaryContent(before);
    assertThat(events("other")).as("the events stay in their place").isEqualTo(eventsBefore);
  }

  private static List<Path> events(String name) throws IOException {
    try (Stream<Path> files =
        Files.walk(TrainOutputs.in(directory.resolve(name)).summariesDir().getParent())) {
      return files.filter(file -> file.toString().contains("tfevents")).sorted().toList();
    }
  }

  /** The checkpoint stays, so that the training is not lost. */
  @Test
  void imagesThatWereDeletedDuringTheTrainingCanBeRestored() throws IOException {
    List<Path> deleted;
    try (Stream<Path> files = Files.list(images.resolve("dots"))) {
      deleted = files.sorted().limit(20).toList();
    }
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Progress deleting =
        new CancelledAfter(Long.MAX_VALUE) {
          @Override
          public synchronized void begin(String stage, String unit, long total) {
            super.begin(stage, unit, total);
            if (stage.equals("Fine-tuning")) {
              deleted.forEach(file -> move(file, elsewhere));
            }
          }
        };
    assertThatThrownBy(() -> train("deleted", false, 1, deleting))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(
            "was changed or deleted during the training. Restore it and resume the training");
    deleted.forEach(file -> move(elsewhere.resolve(file.getFileName()), file.getParent()));
    train("deleted", true, 1, Progress.NONE);
    assertThat(graph("deleted")).hasSameBinaryContentAs(graph("undisturbed"));
  }

  private static void move(Path file, Path directory) {
    try {
      Files.move(file, directory.resolve(file.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cancels as soon as the head is trained. */
  private static final class CancelledHead implements Progress {
    private boolean cancelled;

    @Override
    public synchronized void begin(String stage, String unit, long total) {
      cancelled = stage.equals("Training");
    }

    @Override
    public void advance(long count) {}

    @Override
    public void end() {}

    @Override
    public synchronized boolean cancelled() {
      return cancelled;
    }
  }

  /** Cancels when a number of images was fine-tuned on. */
  private static class CancelledAfter implements Progress {
    private final long images;
    private boolean fineTuning;
    private long done;

    CancelledAfter(long images) {
      this.images = images;
    }

    @Override
    public synchronized void begin(String stage, String unit, long total) {
      fineTuning = stage.equals("Fine-tuning");
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

package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.testing.RecordedProgress;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExtractionTest extends ExtractionFixture {
  private static final int BATCH = ExecutionConfig.onCores().batch();

  @Test
  void vectorsEqualThoseOfSingleImages() throws Exception {
    writeImages(6);
    ExtractionResult result = run();
    assertCounts(result, 36, 0);
    assertVectorsAreCorrect(result, backbone, session);
  }

  @Test
  void resultKeepsTheOrderOfTheFolder() throws IOException {
    writeImages(12);
    assertThat(run().readable()).isEqualTo(ImageFolder.scan(images).files());
  }

  @Test
  void formatIsDetectedFromTheContent() throws Exception {
    writeImages(3);
    Files.move(image("dots_001.jpg"), image("dots_001.png"));
    ExtractionResult result = run(true, Progress.NONE);
    assertCounts(result, 18, 0);
    assertVectorsAreCorrect(result, backbone, session);
  }

  @Test
  void progressCountsEveryImage() throws IOException {
    writeImages(6);
    Files.writeString(image("dots_aaa.jpg"), "no image");
    RecordedProgress progress = new RecordedProgress(Long.MAX_VALUE);
    assertThat(run(false, progress).skipped()).hasSize(1);
    assertThat(progress.events()).startsWith("begin 37 images").endsWith("end");
    assertThat(progress.done()).isEqualTo(37);
  }

  /** Cancels the work after this many images. */
  private static Progress cancellingAfter(int images) {
    AtomicInteger calls = new AtomicInteger();
    return new Progress() {
      @Override
      public void begin(String stage, String unit, long total) {}

      @Override
      public void advance(long count) {}

      @Override
      public void end() {}

      @Override
      public boolean cancelled() {
        return calls.incrementAndGet() > images;
      }
    };
  }

  @Test
  void completedBatchesSurviveCancellation() throws Exception {
    writeImages(20);
    assertThatThrownBy(() -> run(false, cancellingAfter(2 * BATCH)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining(BATCH + " of 120")
        .hasMessageContaining(cacheDir.toString());
    assertThatThrownBy(() -> run(false, cancellingAfter(4 * BATCH)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining(4 * BATCH + " of 120");
    ExtractionResult result = run();
    assertCounts(result, 120 - 4 * BATCH, 4 * BATCH);
    assertVectorsAreCorrect(result, backbone, session);
  }

  @Test
  void failingBackboneEndsEveryStage() throws IOException {
    writeImages(20);
    Backbone broken =
        new Backbone(
            "broken",
            backbone.graph(),
            backbone.graphSha256(),
            backbone.input(),
            List.of("nowhere:0"),
            backbone.preprocessing());
    assertThatThrownBy(() -> run(images, broken, false, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("nowhere");
    assertCounts(run(), 120, 0);
  }

  @Test
  void immediateCancellationComputesNothing() throws IOException {
    writeImages(3);
    assertThatThrownBy(() -> run(false, new RecordedProgress(0)))
        .isInstanceOf(CancelledException.class);
    assertCounts(run(), 18, 0);
  }

  @Test
  void damagedCacheIsReported() throws IOException {
    writeImages(6);
    run();
    Path database = cacheDir.resolve(BottleneckCache.FILE);
    try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
      channel.truncate(5_000);
    }
    assertThatThrownBy(this::run)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(database.toString());
    Files.delete(database);
    assertCounts(run(), 36, 0);
  }

  @Test
  void concurrentRunsShareACache() throws Exception {
    writeImages(12);
    // Created first, since the test is about filling it concurrently.
    new BottleneckCache(cacheDir).close();
    List<Future<ExtractionResult>> results = new ArrayList<>();
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      Callable<ExtractionResult> one = this::run;
      results.addAll(both.invokeAll(List.of(one, one)));
    } finally {
      both.shutdown();
    }
    for (Future<ExtractionResult> result : results) {
      assertThat(result.get().readable()).hasSize(72);
      assertVectorsAreCorrect(result.get(), backbone, session);
    }
    assertCounts(run(), 0, 72);
  }

  @Test
  void filesInSubfoldersAreDistinguished() throws IOException {
    writeImages(3);
    Path deep = Files.createDirectories(images.resolve("dots").resolve("deep"));
    Files.copy(image("waves_000.jpg"), deep.resolve("dots_000.jpg"));
    ExtractionResult result = run();
    assertThat(result.readable())
        .hasSize(19)
        .isSortedAccordingTo(Comparator.comparing(ImageFile::name));
    assertThat(result.hashes().get(deep.resolve("dots_000.jpg")))
        .isEqualTo(result.hashes().get(image("waves_000.jpg")))
        .isNotEqualTo(result.hashes().get(image("dots_000.jpg")));
  }
}

package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.retrain.bottleneck.cache.file.DamagedVectorsException;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.TrainingData;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Damaged vectors are computed again in the run that finds them, and it says so in one line. */
class RecomputationTest extends ExtractionFixture {
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(DamagedVectorsException.class);

  @BeforeEach
  void startLog() throws IOException {
    log.start();
    // Another test may have silenced it.
    logger.setLevel(Level.WARN);
    logger.addAppender(log);
    writeImages(3);
    run();
  }

  @AfterEach
  void stopLog() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  private Path vectors() {
    return cacheDir.resolve("vectors-1-0.bin");
  }

  private enum Damage {
    CUT,
    ZEROED,
    FLIPPED,
    DELETED
  }

  private int damage(Damage damage) throws IOException {
    byte[] bytes = Files.readAllBytes(vectors());
    int record = bytes.length / 18;
    switch (damage) {
      case CUT -> {
        try (FileChannel channel = FileChannel.open(vectors(), StandardOpenOption.WRITE)) {
          channel.truncate(bytes.length - record - 1L);
        }
        return 2;
      }
      case ZEROED -> {
        Arrays.fill(bytes, record, 4 * record, (byte) 0);
        Files.write(vectors(), bytes);
        return 3;
      }
      case FLIPPED -> {
        bytes[5 * record + 40] ^= 4;
        Files.write(vectors(), bytes);
        return 1;
      }
      default -> {
        Files.delete(vectors());
        return 18;
      }
    }
  }

  private TrainingData train() throws IOException {
    return ImageSource.of(images, cacheDir, backbone).prepare(SplitOptions.DEFAULT, Progress.NONE);
  }

  private static float[][] all(TrainingData data) {
    float[][] all = new float[data.vectors().training().count()][];
    for (int i = 0; i < all.length; i++) {
      all[i] = new float[data.vectors().training().length()];
      data.vectors().training().copy(i, all[i], 0);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void trainingComputesDamagedVectorsAgain(Damage damage) throws Exception {
    float[][] before;
    try (TrainingData data = train()) {
      before = all(data);
    }
    assertThat(log.list).isEmpty();
    int damaged = damage(damage);

    try (TrainingData data = train()) {
      float[][] after = all(data);
      assertThat(after.length).isEqualTo(before.length);
      for (int i = 0; i < before.length; i++) {
        // The last bits depend on which images are computed together.
        assertThat(after[i]).containsExactly(before[i], within(1e-4f));
      }
    }

    assertThat(log.list)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getFormattedMessage())
                    .startsWith(damaged + " of 18 vectors in " + vectors())
                    .contains("missing or damaged"));
    assertVectorsAreCorrect(run(), backbone, session);
  }

  @Test
  void verifyContentFindsDamagedVectorsInAnExtraction() throws Exception {
    damage(Damage.FLIPPED);
    ExtractionResult result =
        new ExtractionJob(images, cacheDir, backbone, false, true).run(Progress.NONE);
    assertCounts(result, 1, 17);
    assertThat(log.list).hasSize(1);
    assertVectorsAreCorrect(result, backbone, session);
  }

  @Test
  void twoExtractionsAtOnceShareTheCache() throws Exception {
    cacheDir = directory.resolve("shared");
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      Callable<ExtractionResult> extraction = this::run;
      for (Future<ExtractionResult> result : executor.invokeAll(List.of(extraction, extraction))) {
        assertThat(result.get().readable()).hasSize(18);
        assertVectorsAreCorrect(result.get(), backbone, session);
      }
    } finally {
      executor.shutdown();
    }
    assertCounts(run(), 0, 18);
    assertThat(log.list).isEmpty();
  }
}

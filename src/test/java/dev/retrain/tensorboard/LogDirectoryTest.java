package dev.retrain.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoryTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);

  @TempDir Path parent;
  private Path directory;

  @BeforeEach
  void chooseDirectory() {
    directory = parent.resolve("summaries");
  }

  private static void file(Path path, String content) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private void run(String content) throws IOException {
    file(LogDirectory.train(directory).resolve("events"), content);
    file(LogDirectory.validation(directory).resolve("events"), content);
  }

  @Test
  void directoryWithoutRunIsUnchanged() throws IOException {
    assertThat(LogDirectory.clear(directory, CLOCK)).isEmpty();
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void earlierRunIsMoved() throws IOException {
    run("first");
    Path aside = parent.resolve("summaries.earlier").resolve("2026-01-02T03-04-05");

    assertThat(LogDirectory.clear(directory, CLOCK)).contains(aside);

    assertThat(directory).isEmptyDirectory();
    assertThat(aside.resolve("train/events")).hasContent("first");
    assertThat(aside.resolve("validation/events")).hasContent("first");
  }

  @Test
  void twoRunsOfTheSameSecondAreKept() throws IOException {
    run("first");
    Path first = LogDirectory.clear(directory, CLOCK).orElseThrow();
    run("second");
    Path second = LogDirectory.clear(directory, CLOCK).orElseThrow();
    run("third");
    Path third = LogDirectory.clear(directory, CLOCK).orElseThrow();

    assertThat(first.resolve("train/events")).hasContent("first");
    assertThat(second.resolve("train/events")).hasContent("second");
    assertThat(third.resolve("validation/events")).hasContent("third");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void otherFilesStay() throws IOException {
    run("first");
    file(directory.resolve("notes.txt"), "mine");
    file(directory.resolve("other-run/events"), "mine too");

    LogDirectory.clear(directory, CLOCK);

    assertThat(directory.resolve("notes.txt")).hasContent("mine");
    assertThat(directory.resolve("other-run/events")).hasContent("mine too");
    assertThat(LogDirectory.train(directory)).doesNotExist();
    assertThat(LogDirectory.validation(directory)).doesNotExist();
  }

  @Test
  void otherFilesAreNotARun() throws IOException {
    file(directory.resolve("notes.txt"), "mine");

    assertThat(LogDirectory.clear(directory, CLOCK)).isEmpty();
    assertThat(directory.resolveSibling("summaries.earlier")).doesNotExist();
  }

  @Test
  void incompleteRunIsMoved() throws IOException {
    file(LogDirectory.validation(directory).resolve("events"), "half");

    Path aside = LogDirectory.clear(directory, CLOCK).orElseThrow();

    assertThat(aside.resolve("validation/events")).hasContent("half");
    assertThat(aside.resolve("train")).doesNotExist();
  }

  @Test
  void sweepIsMovedWithItsRuns() throws IOException {
    file(directory.resolve("sweep.csv"), "table");
    file(directory.resolve("events.out.tfevents.1.host.1"), "settings");
    file(directory.resolve("lr=0.1,seed=1/sweep_run.json"), "{}");
    file(directory.resolve("lr=0.1,seed=1/train/events"), "first");
    file(directory.resolve("mine/train/events"), "mine");

    assertThat(LogDirectory.runs(directory)).containsExactly(directory.resolve("lr=0.1,seed=1"));
    assertThat(LogDirectory.isSingleRun(directory)).isFalse();
    Path aside = LogDirectory.clear(directory, CLOCK).orElseThrow();

    assertThat(aside.resolve("sweep.csv")).hasContent("table");
    assertThat(aside.resolve("events.out.tfevents.1.host.1")).hasContent("settings");
    assertThat(aside.resolve("lr=0.1,seed=1/train/events")).hasContent("first");
    assertThat(directory).isDirectoryContaining("glob:**/mine");
    assertThat(directory).isDirectoryNotContaining("glob:**/{sweep.csv,lr*,events*}");
  }

  @Test
  void onlyOwnEventsAreDeleted() throws IOException {
    run("first");
    file(directory.resolve("events.out.tfevents.1.host.1"), "settings");
    file(directory.resolve("events.txt"), "mine");

    LogDirectory.deleteOwnEvents(directory);

    assertThat(directory.resolve("events.out.tfevents.1.host.1")).doesNotExist();
    assertThat(directory.resolve("events.txt")).hasContent("mine");
    assertThat(LogDirectory.train(directory).resolve("events")).hasContent("first");
    assertThat(LogDirectory.isSingleRun(directory)).isTrue();
  }
}

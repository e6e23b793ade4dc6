package dev.retrain.job.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.job.data.RetrainPySource;
import dev.retrain.job.output.OutputLocks;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.train.TrainJob;
import dev.retrain.model.ModelFiles;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.testing.TextClusters;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Head;
import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepJobTest {
  private static final int ITERATIONS = 30;

  @TempDir Path directory;
  private Path logs;

  @BeforeEach
  void writeVectors() throws IOException {
    logs = directory.resolve("logs");
    TextClusters.write(directory.resolve("text"), 150);
  }

  private static SweepRun run(long seed, int earlyStop) {
    TrainingOptions.Builder training =
        TrainingOptions.builder()
            .sampling(new Sampling.Balanced(ITERATIONS, 20))
            .optimizer(new Optimizer.Adam(new LearningRate.Staircase(0.03, 65, 0.95)))
            .evalStepInterval(5)
            .seed(seed);
    if (earlyStop > 0) {
      training.earlyStop(earlyStop);
    }
    return new SweepRun(Map.of(), Map.of("seed", Long.toString(seed)), training.build());
  }

  private SweepJob job(List<SweepRun> runs) {
    return SweepJob.builder(source(), runs, outputs())
        .testBatchSize(100)
        .versions(new Versions("1", "2", "3"))
        .build();
  }

  private RetrainPySource source() {
    return new RetrainPySource(directory.resolve("text"), Optional.empty(), true);
  }

  private TrainOutputs outputs() {
    return new TrainOutputs(
        new ModelFiles(directory.resolve("graph.pb"), directory.resolve("labels.txt")),
        "final_result",
        logs,
        Optional.empty());
  }

  private static List<SweepRun> seeds(int count, int earlyStop) {
    return LongStream.rangeClosed(1, count).mapToObj(seed -> run(seed, earlyStop)).toList();
  }

  /** Cancels after this number of iterations of the sweep. */
  private static final class Stopping implements Progress {
    private final long after;
    private final AtomicLong done = new AtomicLong();
    private boolean sweeping;
    private final List<Long> totals = new ArrayList<>();

    Stopping(long after) {
      this.after = after;
    }

    @Override
    public void begin(String stage, String unit, long total) {
      sweeping = stage.equals("Sweep");
      if (sweeping) {
        totals.add(total);
      }
    }

    @Override
    public void advance(long count) {
      if (sweeping) {
        done.addAndGet(count);
      }
    }

    @Override
    public void end() {}

    @Override
    public boolean cancelled() {
      return done.get() >= after;
    }
  }

  private int finished(int runs) throws IOException {
    int count = 0;
    for (int seed = 1; seed <= runs; seed++) {
      Path file = logs.resolve("seed=" + seed).resolve("sweep_run.json");
      if (Files.exists(file)) {
        JsonNode run = new ObjectMapper().readTree(file.toFile());
        count += run.has("figures") ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void cancelledSweepKeepsFinishedRuns() throws IOException {
    int runs = 8;
    assertThatThrownBy(() -> job(seeds(runs, 0)).run(new Stopping(4 * ITERATIONS)))
        .isInstanceOf(CancelledException.class);
    int kept = finished(runs);
    assertThat(kept).isBetween(1, runs - 1);
    assertThat(directory.resolve("graph.pb")).doesNotExist();

    Stopping progress = new Stopping(Long.MAX_VALUE);
    SweepResult result = job(seeds(runs, 0)).run(progress);

    assertThat(result.results().stream().filter(RunResult::reused)).hasSize(kept);
    assertThat(finished(runs)).isEqualTo(runs);
    assertThat(progress.totals).containsExactly((long) (runs - kept) * ITERATIONS);
    assertThat(progress.done).hasValue((long) (runs - kept) * ITERATIONS);
    assertThat(directory.resolve("graph.pb")).isNotEmptyFile();
  }

  @Test
  void progressCountsIterationsSavedByEarlyStopping() throws IOException {
    Stopping progress = new Stopping(Long.MAX_VALUE);
    SweepResult result = job(seeds(3, 1)).run(progress);
    assertThat(result.results())
        .anySatisfy(
            run -> assertThat(run.metrics().orElseThrow().iterations()).isLessThan(ITERATIONS));
    assertThat(progress.done).hasValue(3L * ITERATIONS);
  }

  @Test
  void logDirectoryIsLocked() throws IOException {
    SweepJob sweep = job(seeds(1, 0));
    TrainJob training = TrainJob.builder(source(), outputs()).build();
    try (OutputLocks lock = OutputLocks.acquire(outputs())) {
      assertThat(lock).isNotNull();
      for (ThrowingCallable run :
          List.<ThrowingCallable>of(
              () -> sweep.run(Progress.NONE), () -> training.run(Progress.NONE))) {
        assertThatThrownBy(run)
            .isInstanceOf(RetrainException.class)
            .hasMessageContaining(logs.toString())
            .satisfies(
                e ->
                    assertThat(((RetrainException) e).settings())
                        .containsExactly(Setting.LOG_DIRECTORY));
      }
    }
    assertThat(sweep.run(Progress.NONE).results()).hasSize(1);
    assertThat(training.run(Progress.NONE).earlierEvents()).isPresent();
  }

  @Test
  void modelIsLockedWhateverTheLogDirectory() throws IOException {
    TrainOutputs sameModel =
        new TrainOutputs(
            outputs().model(), "final_result", directory.resolve("other_logs"), Optional.empty());
    TrainJob training = TrainJob.builder(source(), sameModel).build();
    try (OutputLocks lock = OutputLocks.acquire(outputs())) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> training.run(Progress.NONE))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining(outputs().model().graph().toString())
          .satisfies(
              e ->
                  assertThat(((RetrainException) e).settings())
                      .containsExactly(Setting.OUTPUT_GRAPH));
    }
    assertThat(directory.resolve("other_logs")).isEmptyDirectory();
    assertThat(training.run(Progress.NONE).earlierEvents()).isEmpty();
  }

  @Test
  void unknownRunIsMovedAside() throws IOException {
    for (String record : List.of("null", "{\"checkpoint\": 1}")) {
      Path other = Files.createDirectories(logs.resolve("other"));
      Files.writeString(other.resolve("sweep_run.json"), record);
      Files.writeString(other.resolve("weights"), "precious");
      Path earlier = job(seeds(1, 0)).run(Progress.NONE).model().earlierEvents().orElseThrow();
      assertThat(earlier.resolve("other/weights")).hasContent("precious");
    }
  }

  @Test
  void failureOfOneRunEndsTheSweep() throws IOException {
    // A file in place of a run's directory.
    Files.createDirectories(logs);
    Files.writeString(logs.resolve("seed=2"), "content");
    assertThatThrownBy(() -> job(seeds(4, 0)).run(Progress.NONE))
        .isInstanceOf(Exception.class)
        .hasMessageContaining("seed=2");
    assertThat(directory.resolve("graph.pb")).doesNotExist();
  }

  @Test
  void damagedRecordIsReplaced() throws IOException {
    job(seeds(2, 0)).run(Progress.NONE);
    Files.writeString(logs.resolve("seed=2/sweep_run.json"), "{ half");
    assertThat(job(seeds(2, 0)).run(Progress.NONE).results())
        .extracting(RunResult::reused)
        .containsExactly(true, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "training", "options"})
  void recordWithoutAPartIsNoFailure(String part) throws IOException {
    job(seeds(2, 0)).run(Progress.NONE);
    Path record = logs.resolve("seed=2/sweep_run.json");
    ObjectNode damaged = (ObjectNode) Json.mapper().readTree(record.toFile());
    damaged.remove(part);
    Files.writeString(record, damaged.toString());
    assertThat(job(seeds(2, 0)).run(Progress.NONE).results()).hasSize(2);
  }

  @Test
  void recordOfAnotherFormatIsNeitherReadNorDeleted() throws IOException {
    job(seeds(2, 0)).run(Progress.NONE);
    Path record = logs.resolve("seed=2/sweep_run.json");
    ObjectNode old = (ObjectNode) Json.mapper().readTree(record.toFile());
    old.put("format", 1);
    old.put("training", TrainingOptions.DEFAULT.toString());
    Files.writeString(record, old.toString());

    SweepResult result = job(seeds(2, 0)).run(Progress.NONE);

    assertThat(result.results()).extracting(RunResult::reused).containsExactly(false, false);
    Path earlier = result.model().earlierEvents().orElseThrow();
    assertThat(earlier.resolve("seed=2/sweep_run.json")).hasContent(old.toString());
    assertThat(SweepDirectory.ended(earlier)).hasSize(1);
  }

  @Test
  void namesAreUniqueAndValidOnEveryFileSystem() {
    TrainingOptions training = TrainingOptions.DEFAULT;
    assertThat(new SweepRun(Map.of("lr", "1.0E-5"), Map.of(), training).name())
        .isEqualTo("lr=1.0E-5,seed=1");
    String unsafe = new SweepRun(Map.of("units", "5/1:2*?"), Map.of(), training).name();
    assertThat(unsafe).matches("units=5-1-2--,seed=1,[0-9a-f]{12}");
    assertThat(new SweepRun(Map.of("units", "5:1/2?*"), Map.of(), training).name())
        .isNotEqualTo(unsafe);
    assertThat(new SweepRun(Map.of("units", "1,".repeat(500)), Map.of(), training).name())
        .hasSizeLessThan(255)
        .doesNotEndWith(".");
  }

  private static TrainingResult result(double... accuracies) {
    List<Evaluation> history =
        IntStream.range(0, accuracies.length)
            .mapToObj(i -> new Evaluation(10 * (i + 1), 0, 0, accuracies[i], 1 - accuracies[i]))
            .toList();
    Evaluation best =
        history.stream()
            .reduce((a, b) -> b.validationAccuracy() > a.validationAccuracy() ? b : a)
            .orElseThrow();
    return new TrainingResult(
        new Head(new DenseWeights(1, 1, new float[1], new float[1])), best, history, false);
  }

  @Test
  void plateauStartsWhereLittleIsGained() {
    RunMetrics metrics = RunMetrics.from(result(0.5, 0.6, 0.698, 0.65, 0.701, 0.7, 0.702, 0.69), 3);
    assertThat(metrics.plateauIteration()).isEqualTo(30);
    assertThat(metrics.bestIteration()).isEqualTo(70);
    assertThat(metrics.iterations()).isEqualTo(80);
    assertThat(metrics.validationAccuracy()).isEqualTo(0.702);
    assertThat(metrics.validationLoss()).isCloseTo(0.298, within(1e-12));
    assertThat(RunMetrics.from(result(0.9), 1).plateauIteration()).isEqualTo(10);
    assertThat(RunMetrics.from(result(0.5, 0.505), 1).plateauIteration()).isEqualTo(20);
  }
}

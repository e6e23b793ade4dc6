package dev.retrain.job.sweep;

import com.fasterxml.jackson.core.JacksonException;
import dev.retrain.job.output.LogDirLock;
import dev.retrain.tensorboard.EventFileWriter;
import dev.retrain.tensorboard.HParams;
import dev.retrain.tensorboard.HParams.Metric;
import dev.retrain.tensorboard.LogDirectory;
import dev.retrain.util.Json;
import dev.retrain.util.io.AtomicFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.io.FileUtils;

/**
 * The directory of a sweep's runs, from one sweep to the next: a run that has ended is not made
 * again. It is to be kept to one sweep at a time ({@link LogDirLock}).
 */
public final class SweepDirectory {
  private static final List<Metric> METRICS =
      List.of(
          new Metric("accuracy", "validation accuracy"),
          new Metric("cross_entropy", "validation cross-entropy"));

  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private final Path directory;

  /**
   * @param directory the summaries directory, there or not
   */
  SweepDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes room: what is of other data, a training alone, or a run that is called as one of the
   * sweep's and has other settings beside, makes all there be moved aside, as {@link
   * LogDirectory#clear} does, and so does another run whose record this tool can't read; runs that
   * did not end, and runs of the sweep with such a record, are deleted to be made again.
   *
   * @param runs the sweep's
   * @param data what they are trained on
   * @return where the earlier runs are now, if some were moved
   */
  Optional<Path> makeRoom(List<SweepRun> runs, RunRecord.Data data) throws IOException {
    Map<Path, SweepRun> expected = new HashMap<>();
    runs.forEach(run -> expected.put(path(run), run));
    boolean others = LogDirectory.isSingleRun(directory);
    for (Path run : LogDirectory.runs(directory)) {
      Optional<RunRecord> found = read(run);
      if (found.isEmpty() && !expected.containsKey(run)) {
        others = true;
      } else if (found.isEmpty() || !found.get().ended()) {
        FileUtils.deleteDirectory(run.toFile());
      } else {
        others |= !found.get().data().equals(data);
        others |= expected.containsKey(run) && !found.get().isOf(expected.get(run));
      }
    }
    return others ? LogDirectory.clear(directory) : Optional.empty();
  }

  private static Optional<RunRecord> read(Path run) throws IOException {
    Path file = run.resolve(LogDirectory.RECORD);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(Json.mapper().readValue(file.toFile(), RunRecord.class))
          .filter(found -> found.format() == RunRecord.FORMAT);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /**
   * What has ended of the runs in a directory.
   *
   * @param directory the summaries directory, there or not
   */
  public static List<RunRecord> ended(Path directory) throws IOException {
    List<RunRecord> ended = new ArrayList<>();
    for (Path run : LogDirectory.runs(directory)) {
      read(run).filter(RunRecord::ended).ifPresent(ended::add);
    }
    return ended;
  }

  /** What an earlier sweep has made of a run. */
  public Optional<RunRecord> ended(SweepRun run) throws IOException {
    return read(path(run)).filter(found -> found.isOf(run));
  }

  /** The run's own directory. */
  Path path(SweepRun run) {
    return directory.resolve(run.name());
  }

  /**
   * Tells TensorBoard which settings there are: those of a sweep, and of earlier ones.
   *
   * @param runs the sweep's
   */
  void describe(List<SweepRun> runs) throws IOException {
    Map<String, Collection<String>> domains = new LinkedHashMap<>();
    List<Map<String, String>> all = new ArrayList<>(runs.stream().map(SweepRun::options).toList());
    for (Path run : LogDirectory.runs(directory)) {
      read(run).map(RunRecord::options).ifPresent(all::add);
    }
    all.forEach(
        options ->
            options.forEach(
                (name, value) -> domains.computeIfAbsent(name, key -> new TreeSet<>()).add(value)));
    LogDirectory.deleteOwnEvents(directory);
    try (EventFileWriter events = new EventFileWriter(directory)) {
      events.add(0, HParams.experiment(domains, METRICS, Instant.now()));
    }
  }

  /** Makes an empty directory for a run. */
  void begin(SweepRun run, RunRecord.Data data) throws IOException {
    FileUtils.deleteDirectory(path(run).toFile());
    write(run, RunRecord.begun(data, run));
  }

  /** Says how a run ended; after it, the run is not made again. */
  void end(SweepRun run, RunRecord outcome) throws IOException {
    write(run, outcome);
  }

  private void write(SweepRun run, RunRecord content) throws IOException {
    AtomicFile.write(
        path(run).resolve(LogDirectory.RECORD),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
  }

  /**
   * Writes a line for each run: CSV (RFC 4180) in UTF-8.
   *
   * @return the file
   */
  Path writeTable(List<RunResult> results) throws IOException {
    Path file = directory.resolve(LogDirectory.TABLE);
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          CSVPrinter csv = new CSVPrinter(writer, CSV);
          csv.print("run");
          csv.printRecord(columns(results));
          for (RunResult result : results) {
            print(result, csv);
          }
          csv.flush();
        });
    return file;
  }

  private static List<String> columns(List<RunResult> results) {
    List<String> columns = new ArrayList<>(results.get(0).run().setting().keySet());
    columns.addAll(
        List.of(
            "seed",
            "validation_accuracy",
            "validation_loss",
            "best_iteration",
            "iterations",
            "flat_after",
            "seconds",
            "failure"));
    return columns;
  }

  private static void print(RunResult result, CSVPrinter csv) throws IOException {
    csv.print(result.run().name());
    for (String value : result.run().setting().values()) {
      csv.print(value);
    }
    csv.print(result.run().seed());
    Optional<RunMetrics> figures = result.figures();
    csv.print(figures.map(RunMetrics::validationAccuracy).orElse(null));
    csv.print(figures.map(RunMetrics::validationLoss).orElse(null));
    csv.print(figures.map(RunMetrics::bestIteration).orElse(null));
    csv.print(figures.map(RunMetrics::iterations).orElse(null));
    csv.print(figures.map(RunMetrics::flatAfter).orElse(null));
    csv.print(figures.map(RunMetrics::seconds).orElse(null));
    csv.print(result.failure().orElse(null));
    csv.println();
  }
}

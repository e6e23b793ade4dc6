package dev.retrain.job;

import com.fasterxml.jackson.core.JacksonException;
import dev.retrain.model.Json;
import dev.retrain.tensorboard.EventFile;
import dev.retrain.tensorboard.HParams;
import dev.retrain.tensorboard.HParams.Metric;
import dev.retrain.tensorboard.RunDirectory;
import dev.retrain.work.AtomicFile;
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
 * again. It is to be kept to one sweep at a time ({@link SummariesLock}).
 */
final class SweepFolder {
  private static final List<Metric> METRICS =
      List.of(
          new Metric("accuracy", "validation accuracy"),
          new Metric("cross_entropy", "validation cross-entropy"));

  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private final Path directory;

  /**
   * @param directory the summaries directory, there or not
   */
  SweepFolder(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes room: what is of other data, a training alone, or a run that is called as one of the
   * sweep's and has other settings beside, makes all there be moved aside, as {@link
   * RunDirectory#clear} does, and so does another run whose record this tool can't read; runs that
   * did not end, and runs of the sweep with such a record, are deleted to be made again.
   *
   * @param runs the sweep's
   * @param data what they are trained on
   * @return where the earlier runs are now, if some were moved
   */
  Optional<Path> makeRoom(List<SweepRun> runs, SweepRecord.Data data) throws IOException {
    Map<Path, SweepRun> expected = new HashMap<>();
    runs.forEach(run -> expected.put(path(run), run));
    boolean others = RunDirectory.holdsOneRun(directory);
    for (Path run : RunDirectory.runs(directory)) {
      Optional<SweepRecord> found = read(run);
      if (found.isEmpty() && !expected.containsKey(run)) {
        others = true;
      } else if (found.isEmpty() || !found.get().ended()) {
        FileUtils.deleteDirectory(run.toFile());
      } else {
        others |= !found.get().data().equals(data);
        others |= expected.containsKey(run) && !found.get().isOf(expected.get(run));
      }
    }
    return others ? RunDirectory.clear(directory) : Optional.empty();
  }

  private static Optional<SweepRecord> read(Path run) throws IOException {
    Path file = run.resolve(RunDirectory.RECORD);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(Json.mapper().readValue(file.toFile(), SweepRecord.class))
          .filter(found -> found.format() == SweepRecord.FORMAT);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /**
   * What has ended of the runs in a directory.
   *
   * @param directory the summaries directory, there or not
   */
  static List<SweepRecord> ended(Path directory) throws IOException {
    List<SweepRecord> ended = new ArrayList<>();
    for (Path run : RunDirectory.runs(directory)) {
      read(run).filter(SweepRecord::ended).ifPresent(ended::add);
    }
    return ended;
  }

  /** What an earlier sweep has made of a run. */
  Optional<SweepRecord> ended(SweepRun run) throws IOException {
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
    for (Path run : RunDirectory.runs(directory)) {
      read(run).map(SweepRecord::options).ifPresent(all::add);
    }
    all.forEach(
        options ->
            options.forEach(
                (name, value) -> domains.computeIfAbsent(name, key -> new TreeSet<>()).add(value)));
    RunDirectory.deleteOwnEvents(directory);
    try (EventFile events = new EventFile(directory)) {
      events.add(0, HParams.experiment(domains, METRICS, Instant.now()));
    }
  }

  /** Makes an empty directory for a run. */
  void begin(SweepRun run, SweepRecord.Data data) throws IOException {
    FileUtils.deleteDirectory(path(run).toFile());
    write(run, SweepRecord.begun(data, run));
  }

  /** Says how a run ended; after it, the run is not made again. */
  void end(SweepRun run, SweepRecord outcome) throws IOException {
    write(run, outcome);
  }

  private void write(SweepRun run, SweepRecord content) throws IOException {
    AtomicFile.write(
        path(run).resolve(RunDirectory.RECORD),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
  }

  /**
   * Writes a line for each run: CSV (RFC 4180) in UTF-8.
   *
   * @return the file
   */
  Path writeTable(List<SweepResult> results) throws IOException {
    Path file = directory.resolve(RunDirectory.TABLE);
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          CSVPrinter csv = new CSVPrinter(writer, CSV);
          csv.print("run");
          csv.printRecord(columns(results));
          for (SweepResult result : results) {
            print(result, csv);
          }
          csv.flush();
        });
    return file;
  }

  private static List<String> columns(List<SweepResult> results) {
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

  private static void print(SweepResult result, CSVPrinter csv) throws IOException {
    csv.print(result.run().name());
    for (String value : result.run().setting().values()) {
      csv.print(value);
    }
    csv.print(result.run().seed());
    Optional<SweepFigures> figures = result.figures();
    csv.print(figures.map(SweepFigures::validationAccuracy).orElse(null));
    csv.print(figures.map(SweepFigures::validationLoss).orElse(null));
    csv.print(figures.map(SweepFigures::bestIteration).orElse(null));
    csv.print(figures.map(SweepFigures::iterations).orElse(null));
    csv.print(figures.map(SweepFigures::flatAfter).orElse(null));
    csv.print(figures.map(SweepFigures::seconds).orElse(null));
    csv.print(result.failure().orElse(null));
    csv.println();
  }
}

package dev.retrain.job.sweep;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.job.output.OutputLocks;
import dev.retrain.tensorboard.EventFileWriter;
import dev.retrain.tensorboard.HParams;
import dev.retrain.tensorboard.HParams.Metric;
import dev.retrain.tensorboard.LogDirectory;
import dev.retrain.training.Objective;
import dev.retrain.util.Json;
import dev.retrain.util.io.AtomicFile;
import java.io.IOException;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/**
 * The log directory of a sweep with a directory per run. It lasts from one sweep to the next, so
 * that runs that have ended are reused. Only one sweep at a time may use it ({@link OutputLocks}).
 */
public final class SweepDirectory {
  private static final String CHECKPOINT = "fine_tuning.checkpoint";

  private final Path directory;
  private final Objective objective;

  /**
   * @param directory the log directory; need not exist
   * @param objective what the heads predict, which determines the metrics
   */
  SweepDirectory(Path directory, Objective objective) {
    this.directory = directory;
    this.objective = objective;
  }

  /**
   * Makes room for a sweep. Unfinished runs, and runs of the sweep with a damaged record, are
   * deleted, unless there is a checkpoint from which they continue. Everything is moved aside, as
   * by {@link LogDirectory#clear}, if the directory holds a single training, runs on other data, a
   * run with the name of one of the sweep's but other settings, a record in another format, or
   * another run with a damaged record.
   *
   * @param records the records of the sweep's runs as they begin
   * @return where the earlier runs are now, if they were moved
   */
  Optional<Path> makeRoom(Map<SweepRun, RunRecord> records) throws IOException {
    Map<Path, RunRecord> expected = new HashMap<>();
    records.forEach((run, record) -> expected.put(path(run), record));
    Set<RunRecord.Data> data =
        records.values().stream().map(RunRecord::data).collect(Collectors.toSet());
    boolean conflict = LogDirectory.isSingleRun(directory);
    for (Path path : LogDirectory.runs(directory)) {
      Optional<JsonNode> json = readJson(path);
      Optional<RunRecord> found = json.flatMap(SweepDirectory::parse);
      RunRecord run = expected.get(path);
      if (found.isEmpty() && (run == null || json.isPresent())) {
        conflict = true;
      } else if (found.isEmpty() || !found.get().ended()) {
        boolean continues =
            run != null
                && found.filter(run::matches).isPresent()
                && Files.exists(path.resolve(CHECKPOINT));
        if (!continues) {
          delete(path);
        }
      } else {
        conflict |= !data.contains(found.get().data());
        conflict |= run != null && !found.get().matches(run);
      }
    }
    return conflict ? LogDirectory.clear(directory) : Optional.empty();
  }

  /** Deletes a run, and the events before its last interruption. */
  private static void delete(Path run) throws IOException {
    FileUtils.deleteDirectory(run.toFile());
    FileUtils.deleteDirectory(LogDirectory.earlier(run).toFile());
  }

  /** The content of a run's record; empty if it is missing or no JSON. */
  private static Optional<JsonNode> readJson(Path run) throws IOException {
    Path file = run.resolve(LogDirectory.RECORD);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.mapper().readTree(file.toFile()))
          .filter(json -> !json.isMissingNode());
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Empty if the record has another format or lacks a part. */
  private static Optional<RunRecord> parse(JsonNode json) {
    if (json.path("format").asInt() != RunRecord.FORMAT) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.mapper().treeToValue(json, RunRecord.class))
          .filter(record -> record.data() != null && record.training() != null);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Optional<RunRecord> read(Path run) throws IOException {
    return readJson(run).flatMap(SweepDirectory::parse);
  }

  /**
   * The records of all runs in a log directory that have ended.
   *
   * @param directory the log directory; need not exist
   * @throws IOException if a record can't be read
   */
  public static List<RunRecord> ended(Path directory) throws IOException {
    List<RunRecord> ended = new ArrayList<>();
    for (Path run : LogDirectory.runs(directory)) {
      read(run).filter(RunRecord::ended).ifPresent(ended::add);
    }
    return ended;
  }

  /**
   * The outcome of a run in an earlier sweep.
   *
   * @param record the record of the run as it begins
   */
  Optional<RunRecord> ended(SweepRun run, RunRecord record) throws IOException {
    return read(path(run)).filter(found -> found.ended() && found.matches(record));
  }

  /** The run's own directory. */
  Path path(SweepRun run) {
    return directory.resolve(run.name());
  }

  /**
   * Tells TensorBoard about the hyperparameters and metrics of this sweep and of earlier ones.
   *
   * @param runs the sweep's runs
   */
  void writeExperiment(List<SweepRun> runs) throws IOException {
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
      events.add(0, HParams.experiment(domains, metrics(), Instant.now()));
    }
  }

  private List<Metric> metrics() {
    boolean single = objective == Objective.SINGLE_LABEL;
    return List.of(
        new Metric(
            objective.metricName(),
            single ? "validation accuracy" : "validation mean average precision"),
        new Metric(
            objective.lossName(),
            single ? "validation cross-entropy" : "validation binary cross-entropy"));
  }

  /**
   * Creates an empty directory for a run. If it continues from its checkpoint, its events are moved
   * beside it.
   *
   * @param record the record of the run as it begins
   */
  void start(SweepRun run, RunRecord record) throws IOException {
    if (Files.exists(checkpoint(run))) {
      LogDirectory.clear(path(run));
    } else {
      delete(path(run));
    }
    write(run, record);
  }

  /** Where a run that fine-tunes saves its state until the sweep ends. */
  Path checkpoint(SweepRun run) {
    return path(run).resolve(CHECKPOINT);
  }

  /** Writes the record of a run that has ended. */
  void finish(SweepRun run, RunRecord content) throws IOException {
    write(run, content);
    FileUtils.deleteDirectory(LogDirectory.earlier(path(run)).toFile());
  }

  private void write(SweepRun run, RunRecord content) throws IOException {
    AtomicFile.write(
        path(run).resolve(LogDirectory.RECORD),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
  }

  /**
   * Writes the table of all runs.
   *
   * @return the file
   */
  Path writeTable(List<RunResult> results) throws IOException {
    Path file = directory.resolve(LogDirectory.TABLE);
    SweepTable.write(results, file);
    return file;
  }
}

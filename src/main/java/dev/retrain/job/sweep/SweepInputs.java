package dev.retrain.job.sweep;

import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.output.ModelPublisher;
import dev.retrain.training.Objective;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the runs of a sweep are trained on; runs with the same source share their vectors. Owns the
 * vectors; {@link #close()} frees them.
 */
final class SweepInputs implements AutoCloseable {
  private final IdentityHashMap<VectorSource, SweepInput> inputs = new IdentityHashMap<>();
  private final Map<SweepRun, SweepInput> ofRuns = new LinkedHashMap<>();

  private SweepInputs() {}

  /**
   * Prepares the vectors of all runs.
   *
   * @param runs the runs, at least one
   * @param sources the source of each run
   * @param split how files are assigned to the sets
   * @param publisher knows where the results go
   * @param progress receives the progress, and can cancel the work
   */
  static SweepInputs prepare(
      List<SweepRun> runs,
      Function<SweepRun, VectorSource> sources,
      SplitOptions split,
      ModelPublisher publisher,
      Progress progress)
      throws IOException {
    SweepInputs all = new SweepInputs();
    try {
      for (SweepRun run : runs) {
        VectorSource source = sources.apply(run);
        SweepInput input = all.inputs.get(source);
        if (input == null) {
          input = prepare(source, split, publisher, progress);
          all.inputs.put(source, input);
        }
        all.ofRuns.put(run, input);
      }
      return all;
    } catch (IOException | RuntimeException | Error e) {
      try (all) {
        throw e;
      }
    }
  }

  private static SweepInput prepare(
      VectorSource source, SplitOptions split, ModelPublisher publisher, Progress progress)
      throws IOException {
    TrainingData data = source.prepare(split, progress);
    return new SweepInput(
        source,
        data,
        new RunRecord.Data(
            data.origin().fingerprint(),
            source.identity(),
            publisher.versions().retrain(),
            publisher.versions().tensorflow()),
        source.backbone().map(publisher::with).orElse(publisher));
  }

  /** The input of a run. */
  SweepInput of(SweepRun run) {
    return ofRuns.get(run);
  }

  /** The records of all runs as they begin, in the order of the runs. */
  Map<SweepRun, RunRecord> records() {
    Map<SweepRun, RunRecord> records = new LinkedHashMap<>();
    ofRuns.forEach((run, input) -> records.put(run, input.record(run)));
    return records;
  }

  /** What the heads predict. */
  Objective objective() {
    return ofRuns.values().iterator().next().data().objective();
  }

  @Override
  public void close() {
    inputs.values().forEach(SweepInput::close);
  }
}

package dev.retrain.job.sweep;

import dev.retrain.job.data.TrainingData;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.finetune.FineTuneRequest;
import dev.retrain.job.output.ModelPublisher;

/**
 * What some runs of a sweep are trained on: vectors at one size of the images. Owns the vectors;
 * {@link #close()} frees them.
 *
 * @param source the source of the vectors
 * @param data the vectors
 * @param identity data and software, for the records of the runs
 * @param publisher evaluates heads on the vectors
 */
record SweepInput(
    VectorSource source, TrainingData data, RunRecord.Data identity, ModelPublisher publisher)
    implements AutoCloseable {
  /** The record of a run on these vectors that begins. */
  RunRecord record(SweepRun run) {
    return new RunRecord(
        RunRecord.FORMAT,
        identity,
        TrainingSettings.from(run.training()),
        run.fineTuning().map(this::fineTuning).orElse(null),
        run.options(),
        null,
        null);
  }

  private FineTuneRecord fineTuning(FineTuneRequest tuning) {
    return FineTuneRecord.from(
        tuning.settings().layers(),
        source.backbone().orElseThrow().preprocessing(),
        tuning.settings().options().apply(data.vectors().training().count()));
  }

  @Override
  public void close() {
    data.close();
  }
}

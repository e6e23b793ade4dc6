package dev.retrain.job.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.retrain.job.data.VectorIdentity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run's record in {@code sweep_run.json}. It is written when the run begins, and again with the
 * outcome after all events are on disk.
 *
 * @param format version of this format, {@value #FORMAT}; records of other formats are not read
 * @param data what the run is trained on, and with which software
 * @param training the settings of the training
 * @param options the options of the training, for people
 * @param metrics the metrics, {@code figures} in JSON; null, and absent in JSON, if the run is
 *     unfinished or failed
 * @param failure why the run failed; null, and absent in JSON, if it didn't
 */
public record RunRecord(
    int format,
    Data data,
    TrainingSettings training,
    Map<String, String> options,
    @JsonProperty("figures") @JsonInclude(JsonInclude.Include.NON_NULL) RunMetrics metrics,
    @JsonInclude(JsonInclude.Include.NON_NULL) String failure) {
  static final int FORMAT = 2;

  public RunRecord {
    options =
        options == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /**
   * The data and software of a run: with equal data, equal settings give equal results.
   *
   * @param fingerprint fingerprint of the files and their split, as in a model's metadata
   * @param vectors what the vectors depend on besides the files
   * @param retrain version of this tool
   * @param tensorflow version of TensorFlow
   */
  public record Data(
      String fingerprint, VectorIdentity vectors, String retrain, String tensorflow) {}

  static RunRecord started(Data data, SweepRun run) {
    return create(data, run, null, null);
  }

  static RunRecord finished(Data data, SweepRun run, RunMetrics metrics) {
    return create(data, run, metrics, null);
  }

  static RunRecord failed(Data data, SweepRun run, String failure) {
    return create(data, run, null, failure);
  }

  private static RunRecord create(Data data, SweepRun run, RunMetrics metrics, String failure) {
    TrainingSettings training = TrainingSettings.from(run.training());
    return new RunRecord(FORMAT, data, training, run.options(), metrics, failure);
  }

  /** Whether the run has finished or failed. */
  boolean ended() {
    return metrics != null || failure != null;
  }

  /** Whether the record belongs to a run with the same settings. */
  boolean matches(SweepRun run) {
    return training.equals(TrainingSettings.from(run.training()));
  }
}

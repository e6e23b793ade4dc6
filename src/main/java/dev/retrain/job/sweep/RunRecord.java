package dev.retrain.job.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.retrain.job.data.VectorIdentity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A run's record in {@code sweep_run.json}. It is written when the run begins, and again with the
 * outcome after all events are on disk.
 *
 * @param format version of this format, {@value #FORMAT}; records of other formats are not read
 * @param data what the run is trained on, and with which software
 * @param training the settings of the training
 * @param fineTuning how the network is fine-tuned; null, and absent in JSON, if it is not
 * @param options the options of the training, for people
 * @param metrics the metrics, {@code figures} in JSON; null, and absent in JSON, if the run is
 *     unfinished or failed
 * @param failure why the run failed; null, and absent in JSON, if it didn't
 */
public record RunRecord(
    int format,
    Data data,
    TrainingSettings training,
    @JsonInclude(JsonInclude.Include.NON_NULL) FineTuneRecord fineTuning,
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

  /** The record of the run after it has finished. */
  RunRecord finished(RunMetrics result) {
    return new RunRecord(format, data, training, fineTuning, options, result, null);
  }

  /** The record of the run after it has failed. */
  RunRecord failed(String reason) {
    return new RunRecord(format, data, training, fineTuning, options, null, reason);
  }

  /** Whether the run has finished or failed. */
  boolean ended() {
    return metrics != null || failure != null;
  }

  /** Whether the record belongs to a run with the same data and settings. */
  boolean matches(RunRecord run) {
    return data.equals(run.data)
        && training.equals(run.training)
        && Objects.equals(fineTuning, run.fineTuning);
  }
}

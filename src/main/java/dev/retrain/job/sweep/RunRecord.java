package dev.retrain.job.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run's directory says of it in {@code sweep_run.json}: written when the run begins, and
 * again, with its outcome, when all its events are on disk.
 *
 * @param format version of this form, {@value #FORMAT}
 * @param data what it is trained on, and by which program
 * @param training every setting of the training, in words that differ where one does
 * @param options the options of the training, for people
 * @param figures how it did; null, and no key in the file, where it did not end
 * @param failure why it gave nothing; null, and no key in the file, where it did not fail
 */
public record RunRecord(
    int format,
    Data data,
    String training,
    Map<String, String> options,
    @JsonInclude(JsonInclude.Include.NON_NULL) RunMetrics figures,
    @JsonInclude(JsonInclude.Include.NON_NULL) String failure) {
  static final int FORMAT = 1;

  /** Copies the map; its order is kept. */
  public RunRecord {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /**
   * What gives equal results with equal settings.
   *
   * @param fingerprint of the images and their partitions, as in a model's description
   * @param vectors the network in the words of the cache, or that vectors are read from text
   * @param retrain the tool's version
   * @param tensorflow TensorFlow's
   */
  public record Data(String fingerprint, String vectors, String retrain, String tensorflow) {}

  static RunRecord begun(Data data, SweepRun run) {
    return new RunRecord(FORMAT, data, run.training().toString(), run.options(), null, null);
  }

  static RunRecord finished(Data data, SweepRun run, RunMetrics figures) {
    return new RunRecord(FORMAT, data, run.training().toString(), run.options(), figures, null);
  }

  static RunRecord failed(Data data, SweepRun run, String failure) {
    return new RunRecord(FORMAT, data, run.training().toString(), run.options(), null, failure);
  }

  /** Whether it came to its end, with figures or without. */
  boolean ended() {
    return figures != null || failure != null;
  }

  /** Whether it is of this run. */
  boolean isOf(SweepRun run) {
    return training.equals(run.training().toString());
  }
}

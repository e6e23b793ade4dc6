package dev.retrain.job.sweep;

import dev.retrain.job.finetune.FineTuneRequest;
import dev.retrain.training.TrainingOptions;
import dev.retrain.util.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One training of a sweep.
 *
 * @param setting the options that differ between the sweep's runs, without the seed, by their names
 * @param options all options of the training, by their names
 * @param training how the head is trained
 * @param fineTuning how the network is fine-tuned; absent if it is not
 */
public record SweepRun(
    Map<String, String> setting,
    Map<String, String> options,
    TrainingOptions training,
    Optional<FineTuneRequest> fineTuning) {
  /** In bytes; every file system accepts this length, with room for suffixes. */
  private static final int MAX_NAME_LENGTH = 200;

  public SweepRun {
    setting = Collections.unmodifiableMap(new LinkedHashMap<>(setting));
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /** A run that trains the head alone. */
  public SweepRun(
      Map<String, String> setting, Map<String, String> options, TrainingOptions training) {
    this(setting, options, training, Optional.empty());
  }

  /** The run's seed. */
  public long seed() {
    return training.seed();
  }

  /**
   * The name of the run and its directory, such as {@code lr=0.1,decay_steps=50,seed=1}. Characters
   * that some file systems don't accept become {@code -}; a name that is changed by this, or that
   * is truncated, ends with a checksum.
   */
  public String name() {
    String fullName =
        setting.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue() + ",")
                .collect(Collectors.joining())
            + "seed="
            + seed();
    String safe = fullName.replaceAll("[^A-Za-z0-9.,+=_-]", "-");
    if (safe.equals(fullName) && fullName.length() <= MAX_NAME_LENGTH) {
      return fullName;
    }
    String checksum = Sha256.sha256(fullName.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
    return safe.substring(0, Math.min(safe.length(), MAX_NAME_LENGTH)) + "," + checksum;
  }
}

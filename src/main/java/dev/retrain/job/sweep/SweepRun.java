package dev.retrain.job.sweep;

import dev.retrain.training.TrainingOptions;
import dev.retrain.util.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One training of a sweep.
 *
 * @param setting the options that differ between a sweep's runs, without the seed, by their names
 * @param options all options of the training as they are in force, by their names
 * @param training how the layer is trained
 */
public record SweepRun(
    Map<String, String> setting, Map<String, String> options, TrainingOptions training) {
  /** Bytes of a name that every file system takes, with room for what is written beside it. */
  private static final int LONGEST = 200;

  /** Copies the maps; their order is kept. */
  public SweepRun {
    setting = Collections.unmodifiableMap(new LinkedHashMap<>(setting));
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /** Start of the run's randomness. */
  public long seed() {
    return training.seed();
  }

  /**
   * What the run and its directory are called: {@code lr=0.1,decay_steps=50,seed=1}. Letters that a
   * file system might not take become {@code -}, and a name that loses something by that, or by its
   * length, ends with a checksum.
   */
  public String name() {
    String full =
        setting.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue() + ",")
                .collect(Collectors.joining())
            + "seed="
            + seed();
    String safe = full.replaceAll("[^A-Za-z0-9.,+=_-]", "-");
    if (safe.equals(full) && full.length() <= LONGEST) {
      return full;
    }
    String checksum = Sha256.sha256(full.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
    return safe.substring(0, Math.min(safe.length(), LONGEST)) + "," + checksum;
  }
}

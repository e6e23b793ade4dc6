package dev.retrain.finetune;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.finetune.checkpoint.CheckpointFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where and how often the state of a training is saved, so that it can resume after it was ended at
 * any moment, and gives the same result as without interruption.
 *
 * @param file the checkpoint; replaced each time
 * @param interval time from one checkpoint to the next; default 5 minutes. There is also one at the
 *     end, and when the training is cancelled
 * @param resume whether the training resumes from the file if it exists; otherwise it starts from
 *     the beginning
 * @param identity what the training depends on besides the network, the head and the options, such
 *     as its images, with a value each: {@code the list of images -> SHA-256}. A checkpoint with
 *     other values is refused in a sentence that contains them
 */
public record Checkpointing(
    Path file, Duration interval, boolean resume, Map<String, String> identity) {
  /** The default interval. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(5);

  /** Key of the listener's state in a checkpoint. */
  static final String LISTENER = "listener";

  public Checkpointing {
    identity = new LinkedHashMap<>(identity);
  }

  /**
   * The state that the listener of a training had at its checkpoint.
   *
   * @param file the checkpoint
   * @throws dev.retrain.util.RetrainException if it is damaged
   */
  public static JsonNode listenerState(Path file) {
    return CheckpointFile.read(file).header().state().path(LISTENER);
  }

  /**
   * Refuses the checkpoint of another training before any slow work.
   *
   * @param file the checkpoint
   * @param options the options of the training
   * @param identity what the caller's part of the training depends on, as in this record
   * @throws dev.retrain.util.RetrainException if it has other values, or is damaged
   */
  public static void check(Path file, FineTuneOptions options, Map<String, String> identity) {
    Map<String, String> known = new LinkedHashMap<>(identity);
    known.putAll(options.identity());
    CheckpointFile.read(file).checkKnown(known);
  }
}

package dev.retrain.finetune.checkpoint;

import dev.retrain.util.RetrainException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A checkpoint that was read from a file.
 *
 * @param file the file
 * @param header what it says
 * @param tensors its values by name
 */
public record Checkpoint(Path file, CheckpointHeader header, Map<String, float[]> tensors) {
  public Checkpoint {
    tensors = new LinkedHashMap<>(tensors);
  }

  /**
   * Checks that a training may resume from this checkpoint.
   *
   * @param identity what the training depends on
   * @throws RetrainException if the checkpoint is of a training that depends on something else
   */
  public void check(Map<String, String> identity) {
    Map<String, String> all = new LinkedHashMap<>(identity);
    header.identity().keySet().forEach(key -> all.putIfAbsent(key, null));
    checkKnown(all);
  }

  /**
   * The same as far as it is known what the training depends on: other entries are not compared.
   *
   * @param identity some of the entries
   * @throws RetrainException if the checkpoint is of a training that depends on something else
   */
  public void checkKnown(Map<String, String> identity) {
    for (String key : identity.keySet()) {
      String own = header.identity().get(key);
      String other = identity.get(key);
      if (!Objects.equals(own, other)) {
        throw new RetrainException(
            "%s belongs to a different training: %s is %s there, but %s here. Resume with the"
                + " original options and images, or delete the file to start again.",
            file, key, shown(own), shown(other));
      }
    }
  }

  private static String shown(String value) {
    return value == null ? "absent" : value;
  }
}

package dev.retrain.finetune.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a checkpoint says besides the values of its tensors.
 *
 * @param identity what the training depends on, such as its options and images, with a value each
 * @param step number of updates
 * @param state where the training stands otherwise; JSON
 */
public record CheckpointHeader(Map<String, String> identity, int step, JsonNode state) {
  public CheckpointHeader {
    identity = new LinkedHashMap<>(identity);
  }
}

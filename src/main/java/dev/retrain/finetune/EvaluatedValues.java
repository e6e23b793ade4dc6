package dev.retrain.finetune;

import dev.retrain.finetune.checkpoint.CheckpointTensor;
import dev.retrain.finetune.network.Moments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a network and a head after an epoch.
 *
 * @param epoch the epoch
 * @param values values by name
 * @param moments the moments of the network's normalized convolutions
 */
record EvaluatedValues(EpochResult epoch, Map<String, float[]> values, List<Moments> moments) {
  private static final String VALUE = "best/value/";
  private static final String MEAN = "best/mean/";
  private static final String VARIANCE = "best/variance/";

  EvaluatedValues withValidation(double validation) {
    return new EvaluatedValues(epoch.withValidation(validation), values, moments);
  }

  /** Whether no value is NaN or infinite. */
  boolean areFinite() {
    return values.values().stream().allMatch(EvaluatedValues::areFinite)
        && moments.stream().allMatch(one -> areFinite(one.mean()) && areFinite(one.variance()));
  }

  private static boolean areFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the validation metric is higher; a number is higher than none. */
  boolean isBetterThan(EvaluatedValues other) {
    double own = epoch.validation();
    double others = other.epoch.validation();
    return own > others || (Double.isNaN(others) && !Double.isNaN(own));
  }

  /** The values as tensors of a checkpoint. */
  List<CheckpointTensor> tensors() {
    List<CheckpointTensor> tensors = new ArrayList<>();
    values.forEach((name, value) -> tensors.add(CheckpointTensor.of(VALUE + name, value)));
    for (int i = 0; i < moments.size(); i++) {
      tensors.add(CheckpointTensor.of(MEAN + i, moments.get(i).mean()));
      tensors.add(CheckpointTensor.of(VARIANCE + i, moments.get(i).variance()));
    }
    return tensors;
  }

  /** The values of {@link #tensors}. */
  static EvaluatedValues read(EpochResult epoch, Map<String, float[]> tensors) {
    Map<String, float[]> values = new LinkedHashMap<>();
    tensors.forEach(
        (name, value) -> {
          if (name.startsWith(VALUE)) {
            values.put(name.substring(VALUE.length()), value);
          }
        });
    List<Moments> moments = new ArrayList<>();
    while (tensors.containsKey(MEAN + moments.size())) {
      int next = moments.size();
      moments.add(new Moments(tensors.get(MEAN + next), tensors.get(VARIANCE + next)));
    }
    return new EvaluatedValues(epoch, values, moments);
  }
}

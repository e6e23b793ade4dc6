package dev.retrain.training;

import org.tensorflow.proto.Summary;

/** A number among TensorBoard's summaries. */
public final class ScalarSummary {
  private ScalarSummary() {}

  /** A value with its tag; TensorBoard stores it in single precision. */
  public static Summary.Value of(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
  }
}

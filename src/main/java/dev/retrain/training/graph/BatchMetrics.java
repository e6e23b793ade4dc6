package dev.retrain.training.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import org.tensorflow.Result;
import org.tensorflow.proto.Summary;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * How a batch was told.
 *
 * @param accuracy 0 to 1
 * @param loss mean cross-entropy, nats
 * @param scalars of an update: accuracy, cross_entropy, learning_rate and what the weights are
 *     like; of an evaluation: the last alone
 * @param histograms of weights, biases and outputs, or empty
 */
public record BatchMetrics(float accuracy, float loss, Summary scalars, Summary histograms) {
  /** Of a batch or layers with numbers that are none. */
  public static final BatchMetrics APART = new BatchMetrics(0, Float.NaN, none(), none());

  /** Reads accuracy, loss and scalars, in this order. */
  public static BatchMetrics of(Result result, Summary histograms) {
    return new BatchMetrics(
        ((TFloat32) result.get(0)).getFloat(),
        ((TFloat32) result.get(1)).getFloat(),
        summary(result, 2),
        histograms);
  }

  public static Summary none() {
    return Summary.getDefaultInstance();
  }

  public static Summary summary(Result result, int index) {
    try {
      return Summary.parseFrom(((TString) result.get(index)).asBytes().getObject());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("TensorFlow made a summary that it can't read", e);
    }
  }
}

package dev.retrain.training.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import org.tensorflow.Result;
import org.tensorflow.proto.Summary;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * Metric, loss and scalar summaries of a batch.
 *
 * @param metric accuracy or mean average precision, 0 to 1
 * @param loss mean cross-entropy, in nats; not finite if the training diverged
 * @param scalars for an update: metric, loss, learning_rate and the statistics of the weights; for
 *     an evaluation: only the statistics
 */
public record BatchMetrics(float metric, float loss, Summary scalars) {
  /** Number of tensors that {@link #read} reads. */
  public static final int TENSORS = 3;

  /** Reads metric, loss and scalars, which are the first tensors of a result. */
  public static BatchMetrics read(Result result) {
    return new BatchMetrics(
        ((TFloat32) result.get(0)).getFloat(),
        ((TFloat32) result.get(1)).getFloat(),
        summary(result, 2));
  }

  /** Reads a serialized summary from a result. */
  public static Summary summary(Result result, int index) {
    try {
      return Summary.parseFrom(((TString) result.get(index)).asBytes().getObject());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("TensorFlow returned an invalid summary", e);
    }
  }
}

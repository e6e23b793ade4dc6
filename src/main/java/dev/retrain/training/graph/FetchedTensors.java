package dev.retrain.training.graph;

import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * Values of some operands, as fetched by one run of a session. Later runs do not change them.
 *
 * <p>Owns the tensors; {@link #close()} frees them.
 */
public final class FetchedTensors implements AutoCloseable {
  private final Result result;
  private final int first;
  private final List<Operand<TFloat32>> operands;

  /**
   * @param result what was fetched; this object closes it
   * @param first index of the first operand's value in the result
   * @param operands the operands, in the order in which they were fetched
   */
  public FetchedTensors(Result result, int first, List<Operand<TFloat32>> operands) {
    this.result = result;
    this.first = first;
    this.operands = operands;
  }

  /** Feeds the values to another run, in which they replace the values of the operands. */
  public Session.Runner feed(Session.Runner runner) {
    for (int i = 0; i < operands.size(); i++) {
      runner.feed(operands.get(i), result.get(first + i));
    }
    return runner;
  }

  /** Whether no value is NaN or infinite. */
  public boolean allFinite() {
    for (int i = 0; i < operands.size(); i++) {
      for (float value : floats(result.get(first + i))) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Copies the values to a head.
   *
   * @param layers number of layers; the first {@code 2 * layers} operands are the weights and
   *     biases of each
   * @param objective what the head predicts
   */
  public Head head(int layers, Objective objective) {
    List<DenseWeights> dense = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      TFloat32 weights = (TFloat32) result.get(first + 2 * i);
      TFloat32 biases = (TFloat32) result.get(first + 2 * i + 1);
      int inputs = Math.toIntExact(weights.shape().get(0));
      int outputs = Math.toIntExact(weights.shape().get(1));
      dense.add(new DenseWeights(inputs, outputs, floats(weights), floats(biases)));
    }
    return new Head(dense, objective);
  }

  /** Copies the values of a float32 tensor, in row-major order. */
  public static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  @Override
  public void close() {
    result.close();
  }
}

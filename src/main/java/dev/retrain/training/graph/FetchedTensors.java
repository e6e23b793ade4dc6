package dev.retrain.training.graph;

import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * Numbers of a graph as they were at one time, whatever becomes of them.
 *
 * <p>Owns their memory; {@link #close()} frees it.
 */
public final class FetchedTensors implements AutoCloseable {
  private final Result result;
  private final int first;
  private final List<Operand<TFloat32>> operands;

  /**
   * @param result what was fetched; taken over
   * @param first place there of the first of the numbers
   * @param operands whose they are, in their order
   */
  public FetchedTensors(Result result, int first, List<Operand<TFloat32>> operands) {
    this.result = result;
    this.first = first;
    this.operands = operands;
  }

  /** Lets a run see these numbers, in place of those of the graph. */
  public Session.Runner feed(Session.Runner runner) {
    for (int i = 0; i < operands.size(); i++) {
      runner.feed(operands.get(i), result.get(first + i));
    }
    return runner;
  }

  /**
   * Reads layers.
   *
   * @param count of the first so many, weights and biases are the first numbers
   */
  public Head head(int count) {
    List<DenseWeights> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TFloat32 weights = (TFloat32) result.get(first + 2 * i);
      TFloat32 biases = (TFloat32) result.get(first + 2 * i + 1);
      int inputs = Math.toIntExact(weights.shape().get(0));
      int outputs = Math.toIntExact(weights.shape().get(1));
      layers.add(new DenseWeights(inputs, outputs, floats(weights), floats(biases)));
    }
    return new Head(layers);
  }

  /** All numbers of a float32 tensor, flat. */
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

package dev.retrain.finetune.graph;

import dev.retrain.training.graph.FetchedTensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Result;
import org.tensorflow.Tensor;

/**
 * The values of variables at one moment, which later updates do not change.
 *
 * <p>Owns native memory; {@link #close()} frees it. TensorFlow copies a variable when it is updated
 * and a snapshot still needs its values, so taking a snapshot costs little time.
 */
public final class VariableSnapshot implements AutoCloseable {
  private final Result result;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * @param names names of the variables, in the order of the result
   * @param result their values; this object closes it
   */
  VariableSnapshot(Iterable<String> names, Result result) {
    this.result = result;
    int next = 0;
    for (String name : names) {
      tensors.put(name, result.get(next++));
    }
  }

  /** Names of the variables. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** Number of values of a variable. */
  public int length(String name) {
    return Math.toIntExact(tensor(name).shape().size());
  }

  /**
   * Copies some values of a variable.
   *
   * @param from index of the first one, in row-major order
   * @param target receives them, from index 0
   * @param count number of values
   */
  public void copy(String name, int from, float[] target, int count) {
    tensor(name).asRawTensor().data().asFloats().slice(from, count).read(target, 0, count);
  }

  /** Copies all values of a variable. */
  public float[] values(String name) {
    return FetchedTensors.floats(tensor(name));
  }

  /** Copies all values of all variables. */
  public Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    tensors.keySet().forEach(name -> values.put(name, values(name)));
    return values;
  }

  /** The value of a variable, which this object owns. */
  Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no variable " + name);
    }
    return tensor;
  }

  @Override
  public void close() {
    result.close();
  }
}

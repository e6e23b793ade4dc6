package dev.retrain.backbone.graph;

import java.util.Locale;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** Tensor names: {@code operation:index}; the index defaults to 0. */
public final class TensorNames {
  private TensorNames() {}

  /** The name with an explicit index. */
  public static String withIndex(String tensor) {
    return tensor.indexOf(':') < 0 ? tensor + ":0" : tensor;
  }

  /** The name of the tensor's operation. */
  public static String operation(String tensor) {
    int colon = tensor.indexOf(':');
    return colon < 0 ? tensor : tensor.substring(0, colon);
  }

  static int index(String tensor) {
    int colon = tensor.indexOf(':');
    if (colon < 0) {
      return 0;
    }
    try {
      return Integer.parseUnsignedInt(tensor.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is not a tensor name such as 'pool_3:0'".formatted(tensor), e);
    }
  }

  /**
   * Finds a float32 tensor in a graph.
   *
   * @throws IllegalArgumentException if the graph has no float32 tensor of that name
   */
  public static Operand<TFloat32> operand(Graph graph, String tensor) {
    GraphOperation operation = graph.operation(operation(tensor));
    if (operation == null) {
      throw new IllegalArgumentException(
          "the graph has no operation '%s'".formatted(operation(tensor)));
    }
    if (index(tensor) >= operation.numOutputs()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "operation '%s' has %d outputs, so tensor %s does not exist",
              operation(tensor),
              operation.numOutputs(),
              tensor));
    }
    Output<?> output = operation.output(index(tensor));
    try {
      return output.expect(TFloat32.class);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "tensor %s is of type %s, not float32".formatted(tensor, output.dataType()), e);
    }
  }
}

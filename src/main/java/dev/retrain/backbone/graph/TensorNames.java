package dev.retrain.backbone.graph;

import dev.retrain.util.text.Counted;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** Tensor names: {@code operation:index}; the index defaults to 0. */
public final class TensorNames {
  private static final Map<DataType, Class<? extends TFloating>> FLOATING =
      Map.of(
          DataType.DT_FLOAT, TFloat32.class,
          DataType.DT_DOUBLE, TFloat64.class,
          DataType.DT_HALF, TFloat16.class,
          DataType.DT_BFLOAT16, TBfloat16.class);

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
    Output<?> output = output(graph, tensor);
    if (output.dataType() != DataType.DT_FLOAT) {
      throw new IllegalArgumentException(
          "tensor %s is of type %s, not float32"
              .formatted(tensor, NodeDefs.name(output.dataType())));
    }
    return output.expect(TFloat32.class);
  }

  /**
   * Finds a floating-point tensor in a graph.
   *
   * @throws IllegalArgumentException if the graph has no tensor of that name, or it holds no
   *     floating-point numbers
   */
  public static Operand<? extends TFloating> floating(Graph graph, String tensor) {
    Output<?> output = output(graph, tensor);
    Class<? extends TFloating> type = FLOATING.get(output.dataType());
    if (type == null) {
      throw new IllegalArgumentException(
          "tensor %s is of type %s, not floating-point"
              .formatted(tensor, NodeDefs.name(output.dataType())));
    }
    return output.expect(type);
  }

  private static Output<?> output(Graph graph, String tensor) {
    GraphOperation operation = graph.operation(operation(tensor));
    if (operation == null) {
      throw new IllegalArgumentException(
          "the graph has no operation '%s'".formatted(operation(tensor)));
    }
    if (index(tensor) >= operation.numOutputs()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "operation '%s' has %s, so tensor %s does not exist",
              operation(tensor),
              Counted.of(operation.numOutputs(), "output"),
              tensor));
    }
    return operation.output(index(tensor));
  }
}

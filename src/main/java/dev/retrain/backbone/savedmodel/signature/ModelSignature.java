package dev.retrain.backbone.savedmodel.signature;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.SafeText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A function of a SavedModel: tensors of its main graph, by the names of inputs and outputs.
 *
 * @param name name of the signature
 * @param inputs the inputs, sorted by name
 * @param outputs the outputs, sorted by name
 * @param call nodes to add to the main graph, which call the function; empty where the graph
 *     contains the call
 */
public record ModelSignature(
    String name, Map<String, Endpoint> inputs, Map<String, Endpoint> outputs, List<NodeDef> call) {
  /**
   * An input or output.
   *
   * @param tensor {@code name:index}
   * @param type its type
   * @param shape its shape
   */
  public record Endpoint(String tensor, DataType type, TensorShapeProto shape) {
    private static final int RANK = 4;

    /** Whether it can hold a batch of images. */
    public boolean canBeImages() {
      return shape.getUnknownRank() || shape.getDimCount() == RANK;
    }

    /** Type and shape, such as {@code float32 [?, 224, 224, 3]}. */
    @Override
    public String toString() {
      String sizes =
          shape.getUnknownRank()
              ? "of unknown rank"
              : shape.getDimList().stream()
                  .map(dim -> dim.getSize() < 0 ? "?" : String.valueOf(dim.getSize()))
                  .collect(Collectors.joining(", ", "[", "]"));
      return NodeDefs.name(type) + " " + sizes;
    }
  }

  public ModelSignature {
    inputs = new TreeMap<>(inputs);
    outputs = new TreeMap<>(outputs);
    call = List.copyOf(call);
  }

  /** Name, inputs and outputs with types and shapes, on one line. */
  public String describe() {
    return "%s (%s -> %s)".formatted(name, describe(inputs), describe(outputs));
  }

  private static String describe(Map<String, Endpoint> endpoints) {
    return endpoints.entrySet().stream()
        .limit(4)
        .map(entry -> SafeText.quote(entry.getKey()) + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}

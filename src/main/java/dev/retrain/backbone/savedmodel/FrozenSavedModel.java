package dev.retrain.backbone.savedmodel;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.GraphDef;

/**
 * A SavedModel as a frozen graph.
 *
 * @param graph the graph: the nodes that the requested tensors depend on, without function calls
 *     and variables. {@code GraphGuard} has checked it
 * @param sha256 SHA-256 of the SavedModel's files, the signature and the tensors
 * @param signature name of the signature
 * @param input the tensor that accepts images, {@code name:index}, float32
 * @param bottlenecks the requested feature tensors in the form of {@code FeatureTensor}; if none
 *     were requested, the signature's only output or its output {@code default}
 * @param outputs the floating-point outputs of the signature that the graph contains, by name
 * @param hubConvention whether the SavedModel has the signs of TensorFlow Hub's convention for
 *     images, by which color values are 0 to 1: the file {@code tfhub_module.pb}, or an output
 *     {@code default} with an input named {@code images} or similarly
 * @param acceptsBytes whether the SavedModel accepts integers, so that color values are 0 to 255
 */
public record FrozenSavedModel(
    GraphDef graph,
    String sha256,
    String signature,
    String input,
    List<String> bottlenecks,
    Map<String, String> outputs,
    boolean hubConvention,
    boolean acceptsBytes) {
  public FrozenSavedModel {
    bottlenecks = List.copyOf(bottlenecks);
    outputs = new TreeMap<>(outputs);
  }
}

package dev.retrain.backbone.signature;

import dev.retrain.image.Preprocessing;
import java.util.List;
import org.tensorflow.proto.GraphDef;

/**
 * The complete inputs and outputs of a network.
 *
 * @param graph the graph, changed where it must be to accept float32 images
 * @param input the tensor that accepts images, {@code name:index}; [n, height, width, 3] float32
 * @param bottlenecks the feature tensors in the form of {@link
 *     dev.retrain.backbone.graph.FeatureTensor}
 * @param preprocessing how images are prepared
 * @param inferred what was inferred and why, in sentences
 */
public record NetworkSignature(
    GraphDef graph,
    String input,
    List<String> bottlenecks,
    Preprocessing preprocessing,
    List<String> inferred) {
  public NetworkSignature {
    bottlenecks = List.copyOf(bottlenecks);
    inferred = List.copyOf(inferred);
  }
}

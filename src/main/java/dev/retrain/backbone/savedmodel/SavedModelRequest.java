package dev.retrain.backbone.savedmodel;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A SavedModel, and which of its tensors to use.
 *
 * @param path its directory or archive
 * @param signature name of the signature; if absent, {@code serving_default}, {@code default},
 *     {@code image_feature_vector}, the only one, or the module's {@code __call__}
 * @param input the signature's input or the tensor of the frozen graph that accepts images; if
 *     absent, the only input that can
 * @param bottlenecks the signature's outputs or tensors of the frozen graph that make the vector,
 *     in the form of {@code FeatureTensor}; if empty, the output {@code default} or the only one
 * @param trusted whether the graph may run whatever its ops are
 */
public record SavedModelRequest(
    Path path,
    Optional<String> signature,
    Optional<String> input,
    List<String> bottlenecks,
    boolean trusted) {
  public SavedModelRequest {
    bottlenecks = List.copyOf(bottlenecks);
  }
}

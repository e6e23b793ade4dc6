package dev.retrain.backbone.savedmodel.signature;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.savedmodel.signature.ModelSignature.Endpoint;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataType;

/** Chooses the input of a signature that accepts images, and the outputs that make the vector. */
public final class ImageInput {
  private static final Set<DataType> PIXELS =
      Set.of(
          DataType.DT_FLOAT,
          DataType.DT_HALF,
          DataType.DT_BFLOAT16,
          DataType.DT_DOUBLE,
          DataType.DT_UINT8,
          DataType.DT_INT32);

  private static final Set<DataType> FEATURES =
      Set.of(DataType.DT_FLOAT, DataType.DT_HALF, DataType.DT_BFLOAT16, DataType.DT_DOUBLE);

  private ImageInput() {}

  /**
   * The input of a signature that accepts images.
   *
   * @param specified what the user specified: a name of an input, or a tensor of the graph
   * @return its name; empty if the signature accepts encoded images, or the user specified a tensor
   * @throws RetrainException if no input can accept images, or several can
   */
  public static Optional<String> choose(
      String file, ModelSignature signature, Optional<String> specified) {
    Map<String, Endpoint> inputs = signature.inputs();
    if (specified.isPresent()) {
      return key(inputs, specified.get());
    }
    List<String> images =
        inputs.entrySet().stream()
            .filter(input -> PIXELS.contains(input.getValue().type()))
            .filter(input -> input.getValue().canBeImages())
            .map(Map.Entry::getKey)
            .toList();
    if (images.size() == 1) {
      return Optional.of(images.get(0));
    }
    if (images.isEmpty()
        && inputs.values().stream().anyMatch(input -> input.type() == DataType.DT_STRING)) {
      return Optional.empty();
    }
    throw new RetrainException(
        "Signature %s of SavedModel %s has %s that accept images: [n, height, width, 3]. Its inputs: %s."
            + " Set %s to the one that accepts images, or use another signature with %s.",
        SafeText.quote(signature.name()),
        file,
        images.isEmpty() ? "no inputs" : images.size() + " inputs",
        list(inputs),
        Setting.INPUT,
        Setting.SIGNATURE);
  }

  /** The name of an input or output that the user typed; empty if there is none. */
  public static Optional<String> key(Map<String, Endpoint> endpoints, String text) {
    return endpoints.keySet().stream()
        .filter(key -> TensorNames.withIndex(key).equals(TensorNames.withIndex(text)))
        .findFirst();
  }

  /** The outputs of a signature that can be features. */
  public static List<String> features(ModelSignature signature) {
    return signature.outputs().entrySet().stream()
        .filter(output -> FEATURES.contains(output.getValue().type()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The output that is read if the user specifies none: {@code default}, or the only one.
   *
   * @throws RetrainException if there are several
   */
  public static String defaultOutput(String file, ModelSignature signature) {
    List<String> features = features(signature);
    if (features.contains("default")) {
      return "default";
    }
    if (features.size() == 1) {
      return features.get(0);
    }
    throw new RetrainException(
        "Signature %s of SavedModel %s has %s. Set %s to one of its outputs, or a tensor: %s.",
        SafeText.quote(signature.name()),
        file,
        features.isEmpty()
            ? "no output of floating-point numbers"
            : features.size() + " outputs of floating-point numbers",
        Setting.BOTTLENECK_TENSOR,
        list(signature.outputs()));
  }

  private static String list(Map<String, Endpoint> endpoints) {
    return endpoints.entrySet().stream()
        .limit(8)
        .map(entry -> SafeText.quote(entry.getKey()) + " " + entry.getValue())
        .collect(Collectors.joining("; "));
  }
}

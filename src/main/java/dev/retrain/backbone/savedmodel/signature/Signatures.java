package dev.retrain.backbone.savedmodel.signature;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.savedmodel.signature.ModelSignature.Endpoint;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** The signatures of a meta graph, and the choice among them. */
public final class Signatures {
  /** The signatures that a network for images usually has, the preferred one first. */
  private static final List<String> DEFAULTS =
      List.of("serving_default", "default", "image_feature_vector");

  private static final int MAX_LISTED = 8;

  private Signatures() {}

  /**
   * Chooses a signature: {@code serving_default}, {@code default}, {@code image_feature_vector},
   * the only one, or the module's {@code __call__}. A signature that accepts encoded images is only
   * chosen if there is no other.
   *
   * @param file name of the SavedModel in messages
   * @param metaGraph the meta graph
   * @param specified the name that the user specified
   * @throws RetrainException if there is none of that name, or none that is the obvious choice
   */
  public static ModelSignature choose(
      String file, MetaGraphDef metaGraph, Optional<String> specified) {
    Map<String, ModelSignature> all = all(metaGraph);
    if (specified.isPresent()) {
      return Optional.ofNullable(all.get(specified.get()))
          .orElseThrow(
              () ->
                  unusable(
                      "SavedModel %s has no signature '%s'.",
                      all, file, SafeText.quote(specified.get())));
    }
    List<ModelSignature> candidates = new ArrayList<>();
    DEFAULTS.stream().filter(all::containsKey).map(all::get).forEach(candidates::add);
    List<ModelSignature> named =
        all.values().stream().filter(s -> !s.name().equals(CallSignature.NAME)).toList();
    if (named.size() == 1) {
      candidates.addAll(named);
    }
    Optional.ofNullable(all.get(CallSignature.NAME)).ifPresent(candidates::add);
    return candidates.stream()
        .filter(Signatures::takesImages)
        .findFirst()
        .or(() -> onlyOneForImages(all))
        .or(() -> candidates.stream().findFirst())
        .orElseThrow(
            () ->
                unusable("SavedModel %s has no signature that is the obvious choice.", all, file));
  }

  private static Optional<ModelSignature> onlyOneForImages(Map<String, ModelSignature> all) {
    // Signatures of the same tensors are the same.
    Map<Map<String, Endpoint>, ModelSignature> distinct = new LinkedHashMap<>();
    all.values().stream()
        .filter(Signatures::takesImages)
        .forEach(signature -> distinct.putIfAbsent(signature.outputs(), signature));
    return distinct.size() == 1 ? distinct.values().stream().findFirst() : Optional.empty();
  }

  private static boolean takesImages(ModelSignature signature) {
    return signature.inputs().values().stream()
        .anyMatch(input -> input.canBeImages() && input.type() != DataType.DT_STRING);
  }

  private static RetrainException unusable(
      String problem, Map<String, ModelSignature> all, Object... arguments) {
    if (all.isEmpty()) {
      return new RetrainException(problem + " It has none; export it with a signature.", arguments);
    }
    List<Object> extended = new ArrayList<>(List.of(arguments));
    extended.add(Setting.SIGNATURE);
    extended.add(
        all.values().stream()
            .limit(MAX_LISTED)
            .map(ModelSignature::describe)
            .collect(Collectors.joining("; ")));
    return new RetrainException(problem + " Set %s to one of: %s.", extended.toArray());
  }

  /** All signatures by name, and the module's {@code __call__} where it can be called. */
  private static Map<String, ModelSignature> all(MetaGraphDef metaGraph) {
    Map<String, ModelSignature> all = new TreeMap<>();
    metaGraph
        .getSignatureDefMap()
        .forEach(
            (name, definition) -> {
              if (!name.startsWith("__saved_model_")) {
                all.put(name, signature(name, definition));
              }
            });
    CallSignature.find(metaGraph).ifPresent(call -> all.put(CallSignature.NAME, call));
    return all;
  }

  private static ModelSignature signature(String name, SignatureDef definition) {
    return new ModelSignature(
        name,
        endpoints(definition.getInputsMap()),
        endpoints(definition.getOutputsMap()),
        List.of());
  }

  private static Map<String, Endpoint> endpoints(Map<String, TensorInfo> tensors) {
    Map<String, Endpoint> endpoints = new TreeMap<>();
    tensors.forEach(
        (key, info) -> {
          if (!info.getName().isEmpty()) {
            endpoints.put(
                key, new Endpoint(info.getName(), info.getDtype(), info.getTensorShape()));
          }
        });
    return endpoints;
  }
}

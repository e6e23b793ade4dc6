package dev.retrain.backbone.savedmodel;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.backbone.savedmodel.file.SavedModelDirectory;
import dev.retrain.backbone.savedmodel.file.SavedModelFiles;
import dev.retrain.backbone.savedmodel.inline.InlinedGraph;
import dev.retrain.backbone.savedmodel.inline.Inliner;
import dev.retrain.backbone.savedmodel.signature.ImageInput;
import dev.retrain.backbone.savedmodel.signature.ModelSignature;
import dev.retrain.backbone.savedmodel.signature.ModelSignature.Endpoint;
import dev.retrain.backbone.savedmodel.signature.Signatures;
import dev.retrain.backbone.savedmodel.variable.Checkpoint;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;

/** Turns a SavedModel into a frozen graph. Equal SavedModels give equal graphs. */
public final class SavedModelFreezer {
  private final SavedModelRequest request;
  private final SavedModelDirectory directory;
  private final MetaGraphDef metaGraph;
  private final ModelSignature signature;
  private final List<NodeDef> nodes = new ArrayList<>();

  private SavedModelFreezer(SavedModelRequest request, SavedModelDirectory directory)
      throws IOException {
    this.request = request;
    this.directory = directory;
    metaGraph = MetaGraphs.choose(directory.name(), directory.read());
    signature = Signatures.choose(directory.name(), metaGraph, request.signature());
    nodes.addAll(metaGraph.getGraphDef().getNodeList());
    nodes.addAll(signature.call());
  }

  /**
   * Freezes a SavedModel.
   *
   * @param request the SavedModel, and which of its tensors to use
   * @throws RetrainException if it is damaged or not complete, has no such signature or tensor,
   *     accepts something else than images, or may not run
   * @throws IOException if a file can't be read
   */
  public static FrozenSavedModel freeze(SavedModelRequest request) throws IOException {
    try (SavedModelFiles files = SavedModelFiles.open(request.path())) {
      return new SavedModelFreezer(request, files.directory()).freeze();
    }
  }

  private String file() {
    return directory.name();
  }

  private FrozenSavedModel freeze() throws IOException {
    Optional<String> key = ImageInput.choose(file(), signature, request.input());
    Inliner inliner =
        new Inliner(file(), nodes, metaGraph.getGraphDef().getLibrary().getFunctionList())
            .withProducer(metaGraph.getGraphDef().getVersions().getProducer());
    Optional<Endpoint> endpoint = key.map(signature.inputs()::get);
    Optional<String> placeholder =
        endpoint.map(input -> inliner.feed(input.tensor(), input.type(), input.shape()));
    Map<String, String> outputs = new LinkedHashMap<>();
    InlinedGraph inlined = inliner.inline(floatingTensors());
    ImageInput.features(signature)
        .forEach(
            output ->
                outputs.put(
                    output,
                    TensorNames.withIndex(
                        inlined.tensors().get(signature.outputs().get(output).tensor()))));
    String input = input(inlined.definition(), placeholder);
    List<String> bottlenecks = bottlenecks(outputs);
    GraphDef graph = freeze(inlined.definition(), input, FeatureTensor.tensors(bottlenecks));
    return new FrozenSavedModel(
        graph,
        directory.sha256(
            "signature=%s input=%s bottleneck=%s"
                .formatted(signature.name(), input, String.join(",", bottlenecks))),
        signature.name(),
        input,
        bottlenecks,
        contained(graph, outputs),
        isHubConvention(key),
        endpoint.filter(e -> e.type() == DataType.DT_UINT8).isPresent());
  }

  private Map<String, DataType> floatingTensors() {
    Map<String, DataType> tensors = new LinkedHashMap<>();
    for (String output : ImageInput.features(signature)) {
      Endpoint endpoint = signature.outputs().get(output);
      tensors.put(endpoint.tensor(), endpoint.type());
    }
    return tensors;
  }

  private String input(GraphDef graph, Optional<String> placeholder) {
    if (placeholder.isPresent()) {
      return placeholder.get() + ":0";
    }
    if (request.input().isPresent()) {
      return TensorNames.withIndex(request.input().get());
    }
    throw EncodedImages.refused(file(), signature.inputs().keySet().iterator().next(), graph);
  }

  private List<String> bottlenecks(Map<String, String> outputs) {
    if (request.bottlenecks().isEmpty()) {
      return List.of(outputs.get(ImageInput.defaultOutput(file(), signature)));
    }
    return request.bottlenecks().stream().map(text -> bottleneck(outputs, text)).toList();
  }

  private String bottleneck(Map<String, String> outputs, String text) {
    try {
      FeatureTensor feature = FeatureTensor.parse(text);
      return ImageInput.key(signature.outputs(), feature.tensor())
          .filter(outputs::containsKey)
          .map(key -> feature.withTensor(outputs.get(key)))
          .orElse(feature)
          .toString();
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e, "Invalid value of %s: %s.", Setting.BOTTLENECK_TENSOR, e.getMessage());
    }
  }

  private GraphDef freeze(GraphDef inlined, String input, List<String> tensors) {
    Set<String> names =
        inlined.getNodeList().stream().map(NodeDef::getName).collect(Collectors.toSet());
    List<String> operations = tensors.stream().map(TensorNames::operation).distinct().toList();
    if (!names.containsAll(operations)) {
      // What completes the signature reports the missing tensor, with candidates.
      return guarded(filled(inlined));
    }
    GraphDef fed =
        signature.inputs().isEmpty() ? inlined : EncodedImages.withPlaceholder(inlined, input);
    GraphDef needed = GraphPruner.keepWithCalledFunctions(fed, tensors);
    RandomOps.check(file(), needed);
    return guarded(filled(needed));
  }

  private GraphDef filled(GraphDef graph) {
    return new GraphVariables(
            file(), nodes, metaGraph, new Checkpoint(file(), directory.checkpoint()))
        .fill(graph);
  }

  private GraphDef guarded(GraphDef graph) {
    GraphGuard.check(file(), graph, request.trusted());
    return graph;
  }

  /**
   * Replaces what constants determine by constants. Batch normalizations are no longer recognized
   * afterwards.
   *
   * @param graph a graph that the guard has checked
   * @param bottlenecks the tensors to keep, in the form of {@code FeatureTensor}
   */
  public static GraphDef fold(GraphDef graph, List<String> bottlenecks) {
    List<String> tensors = FeatureTensor.tensors(bottlenecks);
    Set<String> operations =
        tensors.stream().map(TensorNames::operation).collect(Collectors.toCollection(HashSet::new));
    return GraphPruner.keepWithCalledFunctions(ConstantFolding.apply(graph, operations), tensors);
  }

  private static Map<String, String> contained(GraphDef graph, Map<String, String> outputs) {
    Set<String> names =
        graph.getNodeList().stream().map(NodeDef::getName).collect(Collectors.toSet());
    Map<String, String> contained = new TreeMap<>(outputs);
    contained.values().removeIf(tensor -> !names.contains(TensorNames.operation(tensor)));
    return contained;
  }

  private boolean isHubConvention(Optional<String> input) {
    return directory.isHubModule()
        || (input.filter(List.of("images", "inputs")::contains).isPresent()
            && signature.outputs().containsKey("default"));
  }
}

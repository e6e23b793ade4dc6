package dev.retrain.backbone.describe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * What is in a SavedModel, as its file says; its variables are not read, and nothing is run.
 *
 * @param graphs its graphs, usually one
 */
public record SavedModelDescription(List<Graph> graphs) {
  public SavedModelDescription {
    graphs = List.copyOf(graphs);
  }

  /**
   * One graph.
   *
   * @param tags such as {@code serve}
   * @param tensorflow the version of TensorFlow that wrote it
   * @param nodes number of nodes, without those of functions
   * @param functions number of functions
   * @param ops number of nodes of each op, those of functions included; the most frequent first
   * @param signatures the signatures by name
   */
  public record Graph(
      List<String> tags,
      String tensorflow,
      int nodes,
      int functions,
      Map<String, Integer> ops,
      Map<String, Signature> signatures) {
    public Graph {
      tags = List.copyOf(tags);
    }
  }

  /**
   * A signature.
   *
   * @param inputs the tensors by their keys
   * @param outputs the tensors by their keys
   */
  public record Signature(
      Map<String, TensorDescription> inputs, Map<String, TensorDescription> outputs) {}

  /** Describes a SavedModel. */
  public static SavedModelDescription of(SavedModel model) {
    return new SavedModelDescription(
        model.getMetaGraphsList().stream().map(SavedModelDescription::graph).toList());
  }

  private static Graph graph(MetaGraphDef meta) {
    Map<String, Signature> signatures = new TreeMap<>();
    meta.getSignatureDefMap().forEach((name, one) -> signatures.put(name, signature(one)));
    return new Graph(
        meta.getMetaInfoDef().getTagsList(),
        meta.getMetaInfoDef().getTensorflowVersion(),
        meta.getGraphDef().getNodeCount(),
        meta.getGraphDef().getLibrary().getFunctionCount(),
        GraphDescriber.ops(
            meta.getGraphDef().getNodeList(), meta.getGraphDef().getLibrary().getFunctionList()),
        signatures);
  }

  private static Signature signature(SignatureDef signature) {
    return new Signature(tensors(signature.getInputsMap()), tensors(signature.getOutputsMap()));
  }

  private static Map<String, TensorDescription> tensors(Map<String, TensorInfo> infos) {
    Map<String, TensorDescription> tensors = new TreeMap<>();
    infos.forEach(
        (key, info) ->
            tensors.put(
                key,
                TensorDescription.of(
                    info.getName(),
                    info.getDtype(),
                    TensorDescription.shape(info.getTensorShape()))));
    return tensors;
  }
}

package dev.retrain.backbone.describe;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /**
   * Reads a SavedModel.
   *
   * @param directory the directory of its {@code saved_model.pb}
   * @throws RetrainException if there is none, or it is damaged
   * @throws IOException if it can't be read
   */
  public static SavedModelDescription read(Path directory) throws IOException {
    Path file = directory.resolve("saved_model.pb");
    if (!Files.isRegularFile(file)) {
      throw new RetrainException(
          "%s has no saved_model.pb. SavedModels in text format are not read.", directory);
    }
    try (InputStream in = Files.newInputStream(file)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      SavedModel model = SavedModel.parseFrom(coded);
      if (model.getMetaGraphsCount() == 0) {
        throw new RetrainException("%s is not the file of a SavedModel: it has no graph.", file);
      }
      return new SavedModelDescription(
          model.getMetaGraphsList().stream().map(SavedModelDescription::graph).toList());
    } catch (InvalidProtocolBufferException e) {
      throw new RetrainException(
          e, "%s is not the file of a SavedModel, or is damaged. Copy it again.", file);
    }
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

package dev.retrain.backbone.savedmodel.variable;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.util.ErrorText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph;
import org.tensorflow.types.TString;

/**
 * The checkpoint of a SavedModel: {@code variables/variables.index} and its shards. It is read by a
 * graph of this program, so nothing of the SavedModel runs; TensorFlow verifies the checksums of
 * what it reads.
 *
 * @param file name of the SavedModel in messages
 * @param prefix path of the checkpoint's files without their endings
 */
public record Checkpoint(String file, Path prefix) {
  private static final String OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH";

  /**
   * A tensor to read.
   *
   * @param key where it is
   * @param type its type
   */
  public record Request(CheckpointKey key, DataType type) {}

  /** Whether there is a checkpoint; a network without variables has none. */
  public boolean exists() {
    return Files.exists(index());
  }

  private Path index() {
    return prefix.resolveSibling(prefix.getFileName() + ".index");
  }

  /** The graph of the objects whose variables it holds; absent in a checkpoint of TensorFlow 1. */
  public Optional<TrackableObjectGraph> objects() {
    if (!exists()) {
      return Optional.empty();
    }
    try (Graph graph = TensorFlowRuntime.newGraph();
        Session session = session(graph, List.of(new Request(key(OBJECTS), DataType.DT_STRING)));
        Result result = session.runner().fetch("restore").run()) {
      byte[] bytes = ((TString) result.get(0)).asBytes().getObject();
      return Optional.of(TrackableObjectGraph.parseFrom(bytes));
    } catch (TensorFlowException | IllegalArgumentException e) {
      if (isMissingKey(e)) {
        return Optional.empty();
      }
      throw unreadable(e);
    } catch (InvalidProtocolBufferException e) {
      throw new RetrainException(
          e,
          "SavedModel %s is damaged: the list of objects in its checkpoint is not readable. Copy or"
              + " export it again.",
          file);
    }
  }

  private static CheckpointKey key(String name) {
    return new CheckpointKey(name, "");
  }

  /**
   * Reads tensors.
   *
   * @throws RetrainException if the checkpoint lacks one or is damaged
   */
  public List<TensorProto> read(List<Request> requests) {
    if (requests.isEmpty()) {
      return List.of();
    }
    if (!exists()) {
      throw new RetrainException(
          "SavedModel %s is not complete: it has no file variables/%s. Copy or export it again.",
          file, index().getFileName());
    }
    try (Graph graph = TensorFlowRuntime.newGraph();
        Session session = session(graph, requests)) {
      Session.Runner runner = session.runner();
      for (int i = 0; i < requests.size(); i++) {
        runner.fetch("restore", i);
      }
      try (Result result = runner.run()) {
        List<TensorProto> values = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
          values.add(NodeDefs.value(result.get(i)));
        }
        return values;
      }
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw unreadable(e);
    }
  }

  private static boolean isMissingKey(RuntimeException e) {
    return String.valueOf(e.getMessage()).contains("not found in checkpoint");
  }

  private RetrainException unreadable(RuntimeException e) {
    String problem = ErrorText.firstLine(e);
    return isMissingKey(e)
        ? new RetrainException(
            e,
            "SavedModel %s is not complete: %s, but the network needs it. Export it again.",
            file,
            problem)
        : new RetrainException(
            e,
            "SavedModel %s is damaged: its variables can't be read (%s). Copy or export it again.",
            file,
            problem);
  }

  private Session session(Graph graph, List<Request> requests) {
    AttrValue.ListValue.Builder types = AttrValue.ListValue.newBuilder();
    requests.forEach(request -> types.addType(request.type()));
    graph.importGraphDef(
        GraphDef.newBuilder()
            .addNode(strings("prefix", List.of(prefix.toString()), false))
            .addNode(strings("names", requests.stream().map(r -> r.key().name()).toList(), true))
            .addNode(strings("slices", requests.stream().map(r -> r.key().slice()).toList(), true))
            .addNode(
                NodeDef.newBuilder()
                    .setName("restore")
                    .setOp("RestoreV2")
                    .addAllInput(List.of("prefix", "names", "slices"))
                    .putAttr("dtypes", AttrValue.newBuilder().setList(types).build()))
            .build());
    return new Session(graph, SessionConfigs.SINGLE_THREADED);
  }

  private static NodeDef strings(String name, List<String> values, boolean vector) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .setTensorShape(vector ? NodeDefs.shape(values.size()) : NodeDefs.shape());
    values.forEach(
        value -> tensor.addStringVal(ByteString.copyFrom(value, StandardCharsets.UTF_8)));
    return NodeDefs.constant(name, tensor.build());
  }
}

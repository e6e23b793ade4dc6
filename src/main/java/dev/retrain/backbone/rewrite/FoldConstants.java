package dev.retrain.backbone.rewrite;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.types.TFloat32;

/**
 * Replaces nodes that depend only on constants by their values: the arithmetic of the parameters of
 * batch normalization, and its products with weights. TensorFlow computes the values.
 */
final class FoldConstants implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    ConstantNodes constants = new ConstantNodes(index);
    Set<String> folded = new LinkedHashSet<>();
    for (NodeDef reader : index.nodes()) {
      if (!constants.contains(reader)) {
        for (String input : reader.getInputList()) {
          // An Identity of a constant is not folded, which would save nothing.
          index
              .skipIdentities(input)
              .filter(producer -> !producer.getOp().equals("Const"))
              .filter(constants::contains)
              .ifPresent(producer -> folded.add(producer.getName()));
        }
      }
    }
    return folded.isEmpty() ? graph : index.with(compute(index, graph, List.copyOf(folded)));
  }

  private static Map<String, List<NodeDef>> compute(
      GraphIndex index, GraphDef graph, List<String> folded) {
    Map<String, List<NodeDef>> computed = new HashMap<>();
    try (Graph arithmetic = TensorFlowRuntime.newGraph()) {
      arithmetic.importGraphDef(neededFor(index, graph, folded));
      try (Session session = new Session(arithmetic)) {
        Session.Runner runner = session.runner();
        folded.forEach(runner::fetch);
        try (Result result = runner.run()) {
          for (int i = 0; i < folded.size(); i++) {
            String name = folded.get(i);
            computed.put(name, List.of(NodeDefs.constant(name, value((TFloat32) result.get(i)))));
          }
        }
      }
    }
    return computed;
  }

  private static GraphDef neededFor(GraphIndex index, GraphDef graph, List<String> folded) {
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(folded);
    while (!open.isEmpty()) {
      String name = open.remove();
      if (needed.add(name)) {
        index.node(name).orElseThrow().getInputList().stream()
            .map(GraphIndex::operation)
            .forEach(open::add);
      }
    }
    GraphDef.Builder arithmetic = graph.toBuilder().clearNode();
    graph.getNodeList().stream()
        .filter(node -> needed.contains(node.getName()))
        .forEach(arithmetic::addNode);
    return arithmetic.build();
  }

  private static TensorProto value(TFloat32 tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
    tensor.asRawTensor().data().read(bytes);
    return TensorProto.newBuilder()
        .setDtype(DataType.DT_FLOAT)
        .setTensorShape(NodeDefs.shape(tensor.shape().asArray()))
        .setTensorContent(ByteString.copyFrom(bytes))
        .build();
  }
}

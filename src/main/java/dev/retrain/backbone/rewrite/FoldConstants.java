package dev.retrain.backbone.rewrite;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.util.TensorFlowRuntime;
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
 * Computes, once, what depends on constants alone: the arithmetic of a batch normalisation's
 * parameters, and of weights with it. TensorFlow computes it.
 */
final class FoldConstants implements GraphPass {
  private static final Set<String> ARITHMETIC =
      Set.of("Identity", "Add", "AddV2", "Sub", "Mul", "RealDiv", "Rsqrt", "Sqrt", "Neg");

  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex nodes = new GraphIndex(graph, kept);
    Set<String> constants = new HashSet<>();
    Set<String> others = new HashSet<>();
    Set<String> folded = new LinkedHashSet<>();
    for (NodeDef reader : nodes.nodes()) {
      if (!isConstant(nodes, reader, constants, others)) {
        for (String input : reader.getInputList()) {
          // An Identity of a constant is no work; the constant behind it is seen through it.
          nodes
              .behindIdentity(input)
              .filter(maker -> !maker.getOp().equals("Const"))
              .filter(maker -> isConstant(nodes, maker, constants, others))
              .ifPresent(maker -> folded.add(maker.getName()));
        }
      }
    }
    return folded.isEmpty() ? graph : nodes.with(compute(nodes, graph, List.copyOf(folded)));
  }

  private static boolean isConstant(
      GraphIndex nodes, NodeDef node, Set<String> constants, Set<String> others) {
    String name = node.getName();
    if (!constants.contains(name) && !others.contains(name)) {
      boolean constant =
          !nodes.isKept(node)
              && !GraphIndex.isControlled(node)
              && (isFloatConstant(node) || isArithmetic(node))
              && node.getInputList().stream()
                  .map(nodes::maker)
                  .allMatch(
                      maker ->
                          maker.isPresent() && isConstant(nodes, maker.get(), constants, others));
      (constant ? constants : others).add(name);
    }
    return constants.contains(name);
  }

  private static boolean isFloatConstant(NodeDef node) {
    return node.getOp().equals("Const") && NodeDefs.type(node, "dtype") == DataType.DT_FLOAT;
  }

  private static boolean isArithmetic(NodeDef node) {
    return ARITHMETIC.contains(node.getOp()) && NodeDefs.type(node, "T") == DataType.DT_FLOAT;
  }

  private static Map<String, List<NodeDef>> compute(
      GraphIndex nodes, GraphDef graph, List<String> folded) {
    Map<String, List<NodeDef>> computed = new HashMap<>();
    try (Graph arithmetic = TensorFlowRuntime.newGraph()) {
      arithmetic.importGraphDef(neededFor(nodes, graph, folded));
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

  private static GraphDef neededFor(GraphIndex nodes, GraphDef graph, List<String> folded) {
    Set<String> needed = new HashSet<>();
    folded.forEach(name -> addWithMakers(nodes, name, needed));
    GraphDef.Builder arithmetic = graph.toBuilder().clearNode();
    graph.getNodeList().stream()
        .filter(node -> needed.contains(node.getName()))
        .forEach(arithmetic::addNode);
    return arithmetic.build();
  }

  private static void addWithMakers(GraphIndex nodes, String name, Set<String> needed) {
    if (needed.add(name)) {
      for (String input : nodes.node(name).orElseThrow().getInputList()) {
        addWithMakers(nodes, GraphIndex.operation(input), needed);
      }
    }
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

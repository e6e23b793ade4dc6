package dev.retrain.backbone.graph;

import dev.retrain.util.TensorFlowRuntime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Lets TensorFlow compute nodes that depend only on constants. */
public final class ConstantEvaluation {
  private static final Set<DataType> TYPES =
      Set.of(
          DataType.DT_FLOAT,
          DataType.DT_HALF,
          DataType.DT_BFLOAT16,
          DataType.DT_INT32,
          DataType.DT_INT64,
          DataType.DT_BOOL);

  private ConstantEvaluation() {}

  /**
   * Computes the first outputs of operations.
   *
   * @param graph contains what the operations depend on, and no placeholder
   * @param operations names of the operations
   * @param threads the configuration of the session
   * @return for {@link GraphIndex#with}: a constant of the same name for each operation, except
   *     those with strings or other values that aren't plain numbers
   */
  public static Map<String, List<NodeDef>> constants(
      GraphDef graph, List<String> operations, ConfigProto threads) {
    Map<String, List<NodeDef>> constants = new HashMap<>();
    try (Graph arithmetic = TensorFlowRuntime.newGraph()) {
      arithmetic.importGraphDef(graph);
      try (Session session = new Session(arithmetic, threads)) {
        Session.Runner runner = session.runner();
        operations.forEach(runner::fetch);
        try (Result result = runner.run()) {
          for (int i = 0; i < operations.size(); i++) {
            if (TYPES.contains(result.get(i).dataType())) {
              String name = operations.get(i);
              constants.put(name, List.of(NodeDefs.constant(name, NodeDefs.value(result.get(i)))));
            }
          }
        }
      }
    }
    return constants;
  }
}

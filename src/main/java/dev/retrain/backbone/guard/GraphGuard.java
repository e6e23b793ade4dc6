package dev.retrain.backbone.guard;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Decides whether a graph may run.
 *
 * <p>Checked are the nodes of the graph that is given to TensorFlow, and the functions of its
 * library that these nodes can call. A backbone is checked after the nodes that its feature tensors
 * don't depend on were removed, so an unused node of a published graph is no obstacle; functions
 * that nothing calls are never run and not checked. A trained model is checked whole.
 *
 * <p>Four kinds of checks, in time linear in the size of the graph:
 *
 * <ul>
 *   <li>structure ({@link StructureCheck}, {@link FunctionCalls}): names, missing inputs, cycles,
 *       depth, recursive functions;
 *   <li>ops ({@link AllowedOps}), among which variables are always refused, since a frozen graph
 *       has none;
 *   <li>loops ({@link LoopCheck}): each must count up to a constant or to the size of a tensor,
 *       with at most {@value dev.retrain.backbone.guard.LoopBound#MAX} iterations;
 *   <li>sizes ({@link TensorSizes}, {@link OutputSizes}): at most {@value
 *       dev.retrain.backbone.guard.ByteCount#MAX_BYTES} bytes of constants, and of outputs whose
 *       size constants determine.
 * </ul>
 *
 * <p>What remains are flaws in TensorFlow's own code, for example in the kernels of allowed ops,
 * and memory and time that sizes known only at run time take.
 */
public final class GraphGuard {
  private static final Logger LOG = LoggerFactory.getLogger(GraphGuard.class);

  private GraphGuard() {}

  /**
   * Checks a graph.
   *
   * @param name name of the graph in messages, such as its file
   * @param graph the graph as it is given to TensorFlow
   * @param trusted whether ops and sizes are not limited; an op or size that would be refused is
   *     then logged as a warning. Structure and variables are checked in any case
   * @throws RetrainException if the graph may not run; the message names op, node and function
   */
  public static void check(String name, GraphDef graph, boolean trusted) {
    GraphBody main = GraphBody.main(name, graph);
    FunctionCalls calls = new FunctionCalls(main, graph.getLibrary());
    calls.checkNesting();
    Map<String, Integer> depths = new HashMap<>();
    ToIntFunction<NodeDef> calledDepth =
        node -> calls.called(node).stream().mapToInt(depths::get).max().orElse(0);
    for (GraphBody body : calls.reachable()) {
      depths.put(body.functionName(), StructureCheck.check(body, calledDepth));
    }
    StructureCheck.check(main, calledDepth);
    checkFrozen(main, calls);
    try {
      checkContent(main, calls);
    } catch (RefusedException e) {
      if (!trusted) {
        throw new RetrainException(
            e,
            "%s is refused: %s. Use another graph or, if you trust its source, allow it with %s.",
            name,
            e.getMessage(),
            Setting.TRUST_GRAPH);
      }
      LOG.warn("Running {}, which is trusted, although {}.", name, e.getMessage());
    }
  }

  private static List<GraphBody> bodies(GraphBody main, FunctionCalls calls) {
    List<GraphBody> bodies = new ArrayList<>(calls.reachable());
    bodies.add(0, main);
    return bodies;
  }

  private static void checkFrozen(GraphBody main, FunctionCalls calls) {
    for (GraphBody body : bodies(main, calls)) {
      for (NodeDef node : body.nodes()) {
        if (AllowedOps.isVariable(node.getOp())) {
          throw new RetrainException(
              "%s is not frozen: %s (op '%s') is a variable, whose value is not in the graph. Freeze"
                  + " the network with convert_variables_to_constants_v2 (TensorFlow 2) or"
                  + " freeze_graph (TensorFlow 1) and use the frozen graph.",
              body.graph(), body.describe(node), SafeText.quote(node.getOp()));
        }
      }
    }
  }

  private static void checkContent(GraphBody main, FunctionCalls calls) {
    for (GraphBody body : bodies(main, calls)) {
      for (NodeDef node : body.nodes()) {
        if (!AllowedOps.contains(node.getOp())
            && !calls.isFunction(node.getOp())
            && !LoopCheck.isLoop(body, node)) {
          throw new RefusedException(
              "op '%s' (%s) %s"
                  .formatted(
                      SafeText.quote(node.getOp()),
                      body.describe(node),
                      AllowedOps.objection(node.getOp())));
        }
      }
    }
    LoopCheck.check(main, calls);
    calls.checkBytes(GraphGuard::bytes);
  }

  private static long bytes(GraphBody body) {
    ByteCount total = new ByteCount();
    OutputSizes outputs = new OutputSizes(body);
    for (NodeDef node : body.nodes()) {
      total.add(TensorSizes.bytes(body, node));
      total.add(outputs.bytes(node));
    }
    return total.value();
  }
}

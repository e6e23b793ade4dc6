package dev.retrain.backbone.guard;

import dev.retrain.backbone.graph.SafeText;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.tensorflow.proto.NodeDef;

/** Checks that every loop counts up to a limit, and so ends. */
final class LoopCheck {
  private final FunctionCalls calls;
  private final FunctionLoops functionLoops;
  private final FrameLoops frameLoops;

  /** How often the nodes of a function are computed in one call, at most; by its name. */
  private final Map<String, Long> counts = new HashMap<>();

  private LoopCheck(GraphBody main, FunctionCalls calls) {
    this.calls = calls;
    functionLoops = new FunctionLoops(calls.reachable());
    frameLoops = new FrameLoops(main);
  }

  /** Whether a node is part of a loop that may run if it is proven to end. */
  static boolean isLoop(GraphBody body, NodeDef node) {
    return FunctionLoops.isLoop(node) || (body.function().isEmpty() && FrameLoops.isLoop(node));
  }

  /**
   * Checks the graph and the functions that it can call.
   *
   * @throws RefusedException if a loop is not proven to end, or nested loops have too many
   *     iterations
   */
  static void check(GraphBody main, FunctionCalls calls) {
    LoopCheck check = new LoopCheck(main, calls);
    calls
        .reachable()
        .forEach(function -> check.counts.put(function.functionName(), check.count(function)));
    check.count(main);
  }

  private long count(GraphBody body) {
    long most = 1;
    for (NodeDef node : body.nodes()) {
      long count = calls.called(node).stream().mapToLong(counts::get).max().orElse(1);
      if (FunctionLoops.isLoop(node)) {
        OptionalLong bound = functionLoops.bound(body, node);
        if (bound.isEmpty()) {
          throw unproven(body, node);
        }
        count = ByteCount.product(count, Math.max(1, bound.getAsLong()));
      }
      if (body.function().isEmpty()) {
        if (!frameLoops.isProven(node)) {
          throw unproven(body, node);
        }
        count = ByteCount.product(count, frameLoops.count(node));
      }
      if (count > LoopBound.MAX) {
        throw new RefusedException(
            String.format(
                Locale.ROOT,
                "%s (op '%s') runs more than %,d times in loops",
                body.describe(node),
                SafeText.quote(node.getOp()),
                LoopBound.MAX));
      }
      most = Math.max(most, count);
    }
    return most;
  }

  private static RefusedException unproven(GraphBody body, NodeDef node) {
    return new RefusedException(
        "op '%s' (%s) is part of a loop that may never end; only loops that count up to a constant,"
                .formatted(SafeText.quote(node.getOp()), body.describe(node))
            + " or to the size of a tensor, may run");
  }
}

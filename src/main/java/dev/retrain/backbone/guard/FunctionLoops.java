package dev.retrain.backbone.guard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef.ArgDef;

/** Loops whose condition and body are functions: While and StatelessWhile. */
final class FunctionLoops {
  private final Map<String, GraphBody> functions = new HashMap<>();
  private final Map<String, LoopValues> values = new HashMap<>();

  FunctionLoops(List<GraphBody> functions) {
    functions.forEach(function -> this.functions.put(function.functionName(), function));
  }

  static boolean isLoop(NodeDef node) {
    return node.getOp().equals("While") || node.getOp().equals("StatelessWhile");
  }

  private LoopValues values(GraphBody body) {
    return values.computeIfAbsent(body.functionName(), name -> new LoopValues(body));
  }

  private Optional<GraphBody> function(NodeDef loop, String attribute) {
    return loop.containsAttr(attribute)
        ? Optional.ofNullable(functions.get(loop.getAttrOrThrow(attribute).getFunc().getName()))
        : Optional.empty();
  }

  /** The most iterations of a loop in a body; absent if it is not proven to end. */
  OptionalLong bound(GraphBody outside, NodeDef loop) {
    Optional<GraphBody> condition = function(loop, "cond");
    Optional<GraphBody> body = function(loop, "body");
    if (condition.isEmpty() || body.isEmpty()) {
      return OptionalLong.empty();
    }
    return new Loop(outside, loop, condition.get(), body.get()).bound();
  }

  /** One loop; variables are numbered in the order of its inputs. */
  private final class Loop {
    private final LoopValues outside;
    private final NodeDef node;
    private final GraphBody condition;
    private final GraphBody body;

    Loop(GraphBody outside, NodeDef node, GraphBody condition, GraphBody body) {
      this.outside = values(outside);
      this.node = node;
      this.condition = condition;
      this.body = body;
    }

    OptionalLong bound() {
      return result(condition, 0).stream()
          .flatMap(result -> values(condition).comparisons(result).stream())
          .map(this::bound)
          .filter(OptionalLong::isPresent)
          .findFirst()
          .orElse(OptionalLong.empty());
    }

    private OptionalLong bound(LoopValues.Comparison comparison) {
      int counter = variable(condition, values(condition).source(comparison.smaller()));
      if (counter < 0) {
        return OptionalLong.empty();
      }
      OptionalLong start = outside.integer(node.getInput(counter));
      OptionalLong step =
          result(body, counter)
              .map(next -> values(body).increment(next, read -> variable(body, read) == counter))
              .orElse(OptionalLong.empty());
      int limit = variable(condition, values(condition).source(comparison.larger()));
      if (limit < 0) {
        return LoopBound.of(
            start, values(condition).integer(comparison.larger()), step, comparison.orEqual());
      }
      if (!isInvariant(limit)) {
        return OptionalLong.empty();
      }
      return outside.bound(start, step, node.getInput(limit), comparison.orEqual());
    }

    private boolean isInvariant(int variable) {
      return result(body, variable)
          .map(result -> variable(body, values(body).source(result)) == variable)
          .orElse(false);
    }

    /** The number of the variable that an input is; -1 if it is none. */
    private int variable(GraphBody function, String reading) {
      List<ArgDef> arguments = definition(function).getSignature().getInputArgList();
      for (int i = 0; i < Math.min(arguments.size(), node.getInputCount()); i++) {
        if (arguments.get(i).getName().equals(reading)) {
          return i;
        }
      }
      return -1;
    }

    private Optional<String> result(GraphBody function, int number) {
      FunctionDef definition = definition(function);
      return number < definition.getSignature().getOutputArgCount()
          ? Optional.ofNullable(
              definition.getRetMap().get(definition.getSignature().getOutputArg(number).getName()))
          : Optional.empty();
    }

    private static FunctionDef definition(GraphBody function) {
      return function.function().orElseThrow();
    }
  }
}

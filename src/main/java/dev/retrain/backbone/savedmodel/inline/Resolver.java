package dev.retrain.backbone.savedmodel.inline;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.savedmodel.inline.Scope.Argument;
import dev.retrain.backbone.savedmodel.inline.Scope.Output;
import dev.retrain.backbone.savedmodel.inline.Scope.Source;
import dev.retrain.backbone.savedmodel.inline.Value.Dead;
import dev.retrain.backbone.savedmodel.inline.Value.Handle;
import dev.retrain.backbone.savedmodel.inline.Value.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * Adds to a body the nodes that given outputs depend on, with the nodes of called functions in
 * place of the calls. Without recursion, because graphs can be deep; nodes that nothing needs are
 * not read.
 */
final class Resolver implements Resolution {
  /** Calls of a function, by the name of the op. */
  private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");

  /** Ops without effect in a network for inference. */
  private static final Set<String> PASSED =
      Set.of("Identity", "IdentityN", "StopGradient", "PreventGradient", "Snapshot");

  private final Library library;
  private final Body body;
  private final NodeRules rules;
  private final Map<Output, Value> values = new HashMap<>();

  /** Names of added nodes, by the output 0 of the original node. */
  private final Map<Output, String> names = new HashMap<>();

  private final Set<Output> started = new HashSet<>();

  /** Ends of loops, which are added after the nodes that begin them. */
  private final Deque<Output> loopEnds = new ArrayDeque<>();

  private final Deque<Output> open = new ArrayDeque<>();

  /**
   * @param fed outputs that are not computed, with their values
   */
  Resolver(Library library, Body body, Map<Output, Value> fed) {
    this.library = library;
    this.body = body;
    rules = new NodeRules(library, body, this);
    values.putAll(fed);
  }

  @Override
  public Value resolve(Output output) {
    Value value = complete(output);
    while (!loopEnds.isEmpty()) {
      complete(loopEnds.remove());
    }
    return value;
  }

  @Override
  public Resolution within(Body function) {
    return new Resolver(library, function, Map.of());
  }

  private Value complete(Output root) {
    open.push(root);
    while (!open.isEmpty()) {
      Output output = open.element();
      if (values.containsKey(output)) {
        open.pop();
        continue;
      }
      started.add(output);
      Value value = value(output);
      if (value != null) {
        values.put(output, value);
        open.pop();
      }
    }
    return values.get(root);
  }

  @Override
  public Value need(Source source) {
    if (source instanceof Argument argument) {
      return argument.value();
    }
    Output output = (Output) source;
    Value value = values.get(output);
    if (value == null) {
      if (started.contains(output)) {
        throw new IllegalArgumentException("node '%s' depends on itself".formatted(output.node()));
      }
      open.push(output);
    }
    return value;
  }

  private Value value(Output output) {
    Scope scope = output.scope();
    NodeDef node = scope.node(output.node());
    if (node == null) {
      Source argument = scope.argument(output.node());
      if (argument == null) {
        throw new IllegalArgumentException(
            "a node reads '%s', which doesn't exist".formatted(output.node()));
      }
      return need(argument);
    }
    String op = node.getOp();
    if (VariableNodes.HANDLES.contains(op)) {
      return new Handle(node.getName());
    }
    if (VariableNodes.REFERENCES.contains(op)) {
      return rules.constant(new Handle(node.getName()));
    }
    if (CALLS.contains(op) || library.isFunction(op)) {
      String function = CALLS.contains(op) ? node.getAttrOrThrow("f").getFunc().getName() : op;
      return called(output, node, function, inputs(scope, node, 0));
    }
    return switch (op) {
      case "If", "StatelessIf" -> branch(output, node, rules.predicate(scope, node, 0));
      case "Case", "StatelessCase" -> rules.kept(output, node);
      case "Switch", "RefSwitch" -> switched(output, node);
      case "Merge", "RefMerge" -> merged(output, node);
      case "PlaceholderWithDefault" -> need(scope.output(node.getInput(0), library.outputs()));
      default ->
          PASSED.contains(op) && isPassed(scope, node)
              ? need(scope.output(node.getInput(output.index()), library.outputs()))
              : rules.value(output, node);
    };
  }

  /** In a TensorFlow 1 graph, such nodes have the names by which users know layers. */
  private static boolean isPassed(Scope scope, NodeDef node) {
    return scope.isFunction() || NodeDefs.type(node, "T") == DataType.DT_RESOURCE;
  }

  /** The value of an output of a called function. */
  private Value called(Output output, NodeDef node, String function, List<Source> arguments) {
    Scope scope =
        output
            .scope()
            .calls()
            .computeIfAbsent(
                node.getName() + ":" + function,
                key -> call(output.scope(), node, function, arguments));
    if (output.index() >= scope.returnedCount()) {
      throw new IllegalArgumentException(
          "function '%s' has no output %s".formatted(function, output.index()));
    }
    return need(scope.returned(output.index(), library.outputs()));
  }

  private Scope call(Scope caller, NodeDef node, String function, List<Source> arguments) {
    if (caller.depth() >= Library.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "function '%s' calls itself, or calls are nested more than %s deep"
              .formatted(function, Library.MAX_DEPTH));
    }
    return Scope.call(
        caller.prefix() + node.getName() + "/",
        caller.depth() + 1,
        library.function(function),
        arguments);
  }

  @Override
  public List<Source> inputs(Scope scope, NodeDef node, int first) {
    List<Source> inputs = new ArrayList<>();
    for (String input : node.getInputList()) {
      if (!GraphIndex.isControl(input)) {
        inputs.add(scope.output(input, library.outputs()));
      }
    }
    return inputs.subList(Math.min(first, inputs.size()), inputs.size());
  }

  /** The taken branch of a condition, if it is constant; otherwise the condition remains. */
  private Value branch(Output output, NodeDef node, Optional<Optional<Boolean>> predicate) {
    if (predicate.isEmpty()) {
      return null;
    }
    if (predicate.get().isEmpty()) {
      return rules.kept(output, node);
    }
    String attribute = predicate.get().get() ? "then_branch" : "else_branch";
    return called(
        output,
        node,
        node.getAttrOrThrow(attribute).getFunc().getName(),
        inputs(output.scope(), node, 1));
  }

  private Value switched(Output output, NodeDef node) {
    Optional<Optional<Boolean>> predicate = rules.predicate(output.scope(), node, 1);
    if (predicate.isEmpty()) {
      return null;
    }
    if (predicate.get().isEmpty()) {
      return rules.value(output, node);
    }
    boolean taken = predicate.get().get() == (output.index() == 1);
    return taken ? need(inputs(output.scope(), node, 0).get(0)) : new Dead();
  }

  private Value merged(Output output, NodeDef node) {
    Scope scope = output.scope();
    List<Source> inputs = inputs(scope, node, 0);
    List<Value> known = new ArrayList<>();
    List<Integer> alive = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      if (isLoopEnd(inputs.get(i))) {
        return loopStart(output, node, inputs);
      }
      Value value = need(inputs.get(i));
      known.add(value);
      if (!(value instanceof Dead)) {
        alive.add(i);
      }
    }
    if (known.contains(null)) {
      return null;
    }
    if (alive.size() == inputs.size()) {
      return rules.value(output, node);
    }
    if (alive.size() != 1) {
      return new Dead();
    }
    return output.index() == 0
        ? known.get(alive.get(0))
        : rules.integer(scope.prefix() + node.getName() + "/index", alive.get(0));
  }

  private static boolean isLoopEnd(Source source) {
    return source instanceof Output output
        && output.scope().node(output.node()) != null
        && output.scope().node(output.node()).getOp().endsWith("NextIteration");
  }

  /** A node that begins a loop: it reads the loop's end, which is added later. */
  private Value loopStart(Output output, NodeDef node, List<Source> inputs) {
    List<String> tensors = new ArrayList<>();
    for (Source input : inputs) {
      if (isLoopEnd(input)) {
        tensors.add(name((Output) input));
      } else if (need(input) instanceof Tensor tensor) {
        tensors.add(tensor.name());
      } else if (need(input) == null) {
        return null;
      } else {
        throw new IllegalArgumentException(
            "loop '%s' changes a variable".formatted(node.getName()));
      }
    }
    inputs.stream().filter(Resolver::isLoopEnd).forEach(end -> loopEnds.add((Output) end));
    return rules.add(output, node, tensors);
  }

  @Override
  public String name(Output output) {
    Scope scope = output.scope();
    return names.computeIfAbsent(
        new Output(scope, output.node(), 0), node -> body.freshName(scope.prefix() + node.node()));
  }
}

package dev.retrain.backbone.savedmodel.inline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef.ArgDef;

/** The main graph, or one call of a function. Equal only to itself. */
final class Scope {
  /** Where a tensor comes from. */
  sealed interface Source {}

  /**
   * An output of a node, or an argument of a function.
   *
   * @param scope the graph or the function call that contains the node; compared by identity
   * @param node name of the node or argument in its scope
   * @param index index among all outputs of the node
   */
  record Output(Scope scope, String node, int index) implements Source {}

  /**
   * An argument of a function that the frozen graph keeps.
   *
   * @param value its value in the function
   */
  record Argument(Value value) implements Source {}

  private final String prefix;
  private final int depth;
  private final FunctionDef function;
  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final Map<String, Source> arguments = new HashMap<>();
  private final Map<String, Scope> calls = new HashMap<>();

  private Scope(String prefix, int depth, FunctionDef function, List<NodeDef> definitions) {
    this.prefix = prefix;
    this.depth = depth;
    this.function = function;
    definitions.forEach(node -> nodes.put(node.getName(), node));
  }

  /** The main graph. */
  static Scope main(List<NodeDef> nodes) {
    return new Scope("", 0, null, nodes);
  }

  /**
   * A call of a function.
   *
   * @param prefix prefix of the names of its nodes in the frozen graph
   * @param depth calls that contain this one, and this one
   * @param sources the arguments, in order
   */
  static Scope call(String prefix, int depth, FunctionDef function, List<Source> sources) {
    Scope scope = new Scope(prefix, depth, function, function.getNodeDefList());
    List<ArgDef> declared = function.getSignature().getInputArgList();
    for (int i = 0; i < Math.min(declared.size(), sources.size()); i++) {
      scope.arguments.put(declared.get(i).getName(), sources.get(i));
    }
    return scope;
  }

  String prefix() {
    return prefix;
  }

  int depth() {
    return depth;
  }

  boolean isFunction() {
    return function != null;
  }

  /** A node; null if there is none of that name. */
  NodeDef node(String name) {
    return nodes.get(name);
  }

  /** An argument; null if there is none of that name. */
  Source argument(String name) {
    return arguments.get(name);
  }

  /** The calls that nodes make, by the name of the node and of the function. */
  Map<String, Scope> calls() {
    return calls;
  }

  /**
   * What an input of a node refers to: {@code name} or {@code name:index} in the main graph, {@code
   * argument} or {@code name:output:index} in a function.
   */
  Output output(String input, OpOutputs outputs) {
    String[] parts = input.split(":", -1);
    if (!isFunction()) {
      return new Output(this, parts[0], parts.length > 1 ? OpOutputs.number(parts[1]) : 0);
    }
    NodeDef node = nodes.get(parts[0]);
    if (node == null || parts.length == 1) {
      return new Output(this, parts[0], 0);
    }
    int index = parts.length > 2 ? OpOutputs.number(parts[2]) : 0;
    return new Output(this, parts[0], outputs.index(node, parts[1], index));
  }

  /** What an output of the function is; {@code index} counts its declared outputs. */
  Output returned(int index, OpOutputs outputs) {
    String name = function.getSignature().getOutputArg(index).getName();
    return output(function.getRetOrDefault(name, name), outputs);
  }

  /** Number of the function's outputs. */
  int returnedCount() {
    return function.getSignature().getOutputArgCount();
  }
}

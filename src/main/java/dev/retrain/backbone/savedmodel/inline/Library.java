package dev.retrain.backbone.savedmodel.inline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;

/** What inlining shares among the main graph and the functions that the frozen graph keeps. */
final class Library {
  /** Deepest nesting of calls. */
  static final int MAX_DEPTH = 100;

  private static final int MAX_NODES = 1_000_000;

  private final Map<String, FunctionDef> functions = new LinkedHashMap<>();
  private final Map<String, NodeDef> variables = new LinkedHashMap<>();
  private final List<FunctionDef> kept = new ArrayList<>();
  private final OpOutputs outputs;
  private int nodes;

  /**
   * @param main nodes of the main graph, which contains the variables
   * @param functions the functions that it can call
   */
  Library(List<NodeDef> main, List<FunctionDef> functions) {
    functions.forEach(f -> this.functions.put(f.getSignature().getName(), f));
    main.stream()
        .filter(VariableNodes::isVariable)
        .forEach(node -> variables.put(node.getName(), node));
    outputs = new OpOutputs(TensorFlow.registeredOpList(), functions);
  }

  OpOutputs outputs() {
    return outputs;
  }

  boolean isFunction(String name) {
    return functions.containsKey(name);
  }

  FunctionDef function(String name) {
    FunctionDef function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException("it calls function '%s', which it lacks".formatted(name));
    }
    return function;
  }

  NodeDef variable(String name) {
    NodeDef variable = variables.get(name);
    if (variable == null) {
      throw new IllegalArgumentException(
          "variable '%s' is created in a function, which is not supported".formatted(name));
    }
    return variable;
  }

  /** Name of the next function that is kept. */
  String nextName() {
    return "function_" + kept.size();
  }

  void keep(FunctionDef function) {
    kept.add(function);
  }

  List<FunctionDef> kept() {
    return List.copyOf(kept);
  }

  void countNode() {
    if (++nodes > MAX_NODES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "it has more than %,d nodes after its function calls are replaced",
              MAX_NODES));
    }
  }
}

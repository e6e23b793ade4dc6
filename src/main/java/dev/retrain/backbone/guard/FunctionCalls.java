package dev.retrain.backbone.guard;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.util.RetrainException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;

/** The functions that a graph can call, and how often. */
final class FunctionCalls {
  /** Deepest nesting of calls; TensorFlow instantiates functions recursively. */
  private static final int MAX_DEPTH = 100;

  /** Most nodes of a graph after its calls are replaced by the nodes of the functions. */
  private static final long MAX_NODES = 1_000_000;

  /** TensorFlow may replace a function by another one with the same value of this attribute. */
  private static final String INTERFACE = "api_implements";

  private final GraphBody main;
  private final Map<String, FunctionDef> library = new LinkedHashMap<>();

  /** The functions that TensorFlow may choose instead of a called one that has the attribute. */
  private final List<String> alternatives;

  private final Map<String, GraphBody> reachable = new LinkedHashMap<>();

  /** The functions that each body calls, by the name of the body, in order of the calls. */
  private final Map<String, List<String>> calls = new HashMap<>();

  /** The reachable functions, each after those it calls. */
  private final Map<String, Integer> depths = new LinkedHashMap<>();

  FunctionCalls(GraphBody main, FunctionDefLibrary functions) {
    this.main = main;
    for (FunctionDef function : functions.getFunctionList()) {
      if (library.put(function.getSignature().getName(), function) != null) {
        throw main.malformed(
            "it has two functions '%s'"
                .formatted(SafeText.quote(function.getSignature().getName())));
      }
    }
    alternatives =
        library.keySet().stream()
            .filter(name -> library.get(name).containsAttr(INTERFACE))
            .toList();
    Deque<GraphBody> open = new ArrayDeque<>(List.of(main));
    while (!open.isEmpty()) {
      GraphBody body = open.remove();
      List<String> called = called(body);
      calls.put(body.functionName(), called);
      called.forEach(name -> reach(name, open));
    }
  }

  private void reach(String called, Deque<GraphBody> open) {
    if (reachable.containsKey(called)) {
      return;
    }
    List<String> names = new ArrayList<>(List.of(called));
    if (library.get(called).containsAttr(INTERFACE)) {
      names.addAll(alternatives);
    }
    for (String name : names) {
      if (!reachable.containsKey(name)) {
        GraphBody body = main.function(library.get(name));
        reachable.put(name, body);
        open.add(body);
      }
    }
  }

  private List<String> called(GraphBody body) {
    List<String> called = new ArrayList<>();
    for (NodeDef node : body.nodes()) {
      Set<String> names = called(node);
      for (String name : names) {
        if (!library.containsKey(name)) {
          throw body.malformed(
              node, "calls function '%s', which doesn't exist".formatted(SafeText.quote(name)));
        }
      }
      called.addAll(names);
    }
    return called;
  }

  /** Names of the functions that a node can call. */
  Set<String> called(NodeDef node) {
    Set<String> names = new LinkedHashSet<>();
    node.getAttrMap().values().forEach(value -> addFunctions(value, names));
    if (library.containsKey(node.getOp())) {
      names.add(node.getOp());
    }
    return names;
  }

  /** Recursive, because protocol buffers limit the nesting to 100. */
  private static void addFunctions(AttrValue value, Set<String> names) {
    List<NameAttrList> functions =
        value.hasFunc() ? List.of(value.getFunc()) : value.getList().getFuncList();
    for (NameAttrList function : functions) {
      names.add(function.getName());
      function.getAttrMap().values().forEach(nested -> addFunctions(nested, names));
    }
  }

  /** Whether an op is a call of a function of the library. */
  boolean isFunction(String op) {
    return library.containsKey(op);
  }

  /** The functions that can be called, each after those it calls, once nesting is checked. */
  List<GraphBody> reachable() {
    return depths.keySet().stream().map(reachable::get).toList();
  }

  /**
   * @throws RetrainException if a function calls itself, calls are nested too deeply, or the graph
   *     has too many nodes after its calls are replaced
   */
  void checkNesting() {
    Set<String> path = new LinkedHashSet<>();
    reachable.keySet().forEach(name -> depth(name, path));
    long nodes = total(body -> body.nodes().size());
    if (nodes > MAX_NODES) {
      throw main.malformed(
          String.format(
              Locale.ROOT,
              "it has more than %,d nodes after its function calls are replaced",
              MAX_NODES));
    }
  }

  private int depth(String name, Set<String> path) {
    Integer known = depths.get(name);
    if (known != null) {
      return known;
    }
    if (!path.add(name)) {
      throw main.malformed("function '%s' calls itself".formatted(SafeText.quote(name)));
    }
    int depth = 1;
    for (String called : calls.get(name)) {
      depth = Math.max(depth, 1 + (path.size() > MAX_DEPTH ? MAX_DEPTH : depth(called, path)));
    }
    if (depth > MAX_DEPTH) {
      throw main.malformed(
          String.format(Locale.ROOT, "its functions are nested more than %d deep", MAX_DEPTH));
    }
    path.remove(name);
    depths.put(name, depth);
    return depth;
  }

  /**
   * @param bytes bytes that the constants of a body take
   * @throws RefusedException if the constants of the graph, and of its functions as often as they
   *     are called, take too much memory
   */
  void checkBytes(ToLongFunction<GraphBody> bytes) {
    if (total(bytes) > ByteCount.MAX_BYTES) {
      throw new RefusedException(
          String.format(
                  Locale.ROOT,
                  "its constants, with those of functions counted once per call, need more than %,d",
                  ByteCount.MAX_BYTES)
              + " bytes");
    }
  }

  /** The sum over the graph and its functions, each counted as often as it is called. */
  private long total(ToLongFunction<GraphBody> measure) {
    Map<String, Long> totals = new HashMap<>();
    for (String name : depths.keySet()) {
      totals.put(name, total(reachable.get(name), measure, totals));
    }
    return total(main, measure, totals);
  }

  private long total(GraphBody body, ToLongFunction<GraphBody> measure, Map<String, Long> totals) {
    long total = measure.applyAsLong(body);
    for (String called : calls.get(body.functionName())) {
      total = ByteCount.sum(total, totals.get(called));
    }
    return total;
  }
}

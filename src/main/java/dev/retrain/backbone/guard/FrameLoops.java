package dev.retrain.backbone.guard;

import dev.retrain.backbone.graph.GraphIndex;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;

/**
 * Loops of Enter, Merge, Switch and NextIteration nodes in one frame each, as TensorFlow 1 and the
 * freezing of TensorFlow 2 write them.
 *
 * <p>Such a loop ends because its condition becomes false: then nothing that reads the true output
 * of a Switch with this condition is computed, so no NextIteration that reads it, directly or
 * indirectly, starts another iteration.
 */
final class FrameLoops {
  /** In a graph with more loops, none is proven to end. */
  private static final int MAX_LOOPS = 100;

  /**
   * Deepest nesting; the Enter nodes of deeper loops get no frame, so they are not proven to end.
   */
  private static final int MAX_DEPTH = 20;

  private static final Set<String> OPS = Set.of("Enter", "Exit", "NextIteration", "LoopCond");

  private final GraphBody body;
  private final LoopValues values;

  /** How many nodes each node reads, without those by the edge that closes a loop. */
  private final Map<String, Integer> sourceCounts = new HashMap<>();

  /** The nodes that read each node, without those by the edge that closes a loop. */
  private final Map<String, List<NodeDef>> readers = new HashMap<>();

  private final Map<String, Frame> frames;
  private final Map<Frame, Long> bounds = new HashMap<>();

  /** Names of the NextIteration nodes that are computed only in proven iterations. */
  private final Set<String> ending = new HashSet<>();

  /** Where loops are nested; null outside of loops. */
  private record Frame(Frame parent, String name, int depth) {}

  FrameLoops(GraphBody body) {
    this.body = body;
    values = new LoopValues(body);
    for (NodeDef node : body.nodes()) {
      Set<String> sources =
          node.getInputList().stream()
              .filter(input -> !closesLoop(node, input))
              .map(GraphIndex::operation)
              .collect(Collectors.toSet());
      sourceCounts.put(node.getName(), sources.size());
      sources.forEach(
          source -> readers.computeIfAbsent(source, name -> new ArrayList<>()).add(node));
    }
    List<NodeDef> conditions =
        body.nodes().stream().filter(node -> node.getOp().equals("LoopCond")).toList();
    frames = conditions.isEmpty() || conditions.size() > MAX_LOOPS ? Map.of() : frames();
    for (NodeDef condition : conditions) {
      Frame frame = frames.get(condition.getName());
      OptionalLong bound = frame == null ? OptionalLong.empty() : bound(condition);
      if (bound.isPresent()) {
        bounds.merge(frame, bound.getAsLong(), Math::max);
        addEnding(condition, frame);
      }
    }
  }

  static boolean isLoop(NodeDef node) {
    return OPS.contains(node.getOp());
  }

  /** Whether a node of a loop belongs to a loop that is proven to end. */
  boolean isProven(NodeDef node) {
    return switch (node.getOp()) {
      case "NextIteration" -> ending.contains(node.getName());
      case "Enter" -> bounds.containsKey(frames.get(node.getName()));
      default -> true;
    };
  }

  /** The most times that a node is computed. */
  long count(NodeDef node) {
    long count = 1;
    for (Frame frame = frames.get(node.getName()); frame != null; frame = frame.parent()) {
      count = ByteCount.product(count, Math.max(1, bounds.getOrDefault(frame, 1L)));
    }
    return count;
  }

  /** Frames by node, in the order of the inputs; nodes outside of loops are absent. */
  private Map<String, Frame> frames() {
    Map<String, Frame> found = new HashMap<>();
    Map<String, Integer> open = new HashMap<>(sourceCounts);
    Deque<NodeDef> ready = new ArrayDeque<>();
    for (NodeDef node : body.nodes()) {
      if (sourceCounts.get(node.getName()) == 0) {
        ready.add(node);
      }
    }
    while (!ready.isEmpty()) {
      NodeDef node = ready.remove();
      Frame frame = frame(node, found);
      if (frame != null) {
        found.put(node.getName(), frame);
      }
      for (NodeDef reader : readers.getOrDefault(node.getName(), List.of())) {
        if (open.merge(reader.getName(), -1, Integer::sum) == 0) {
          ready.add(reader);
        }
      }
    }
    return found;
  }

  private Frame frame(NodeDef node, Map<String, Frame> found) {
    Frame deepest = null;
    for (String input : node.getInputList()) {
      Frame frame = found.get(GraphIndex.operation(input));
      if (frame != null && (deepest == null || frame.depth() > deepest.depth())) {
        deepest = frame;
      }
    }
    if (node.getOp().equals("Enter")) {
      int depth = deepest == null ? 1 : deepest.depth() + 1;
      return depth > MAX_DEPTH ? null : new Frame(deepest, name(node), depth);
    }
    return node.getOp().equals("Exit") && deepest != null ? deepest.parent() : deepest;
  }

  private static String name(NodeDef enter) {
    return enter
        .getAttrOrDefault("frame_name", AttrValue.getDefaultInstance())
        .getS()
        .toString(StandardCharsets.ISO_8859_1);
  }

  private boolean closesLoop(NodeDef reader, String input) {
    NodeDef source = values.node(input);
    return source != null && GraphBody.closesLoop(reader, source);
  }

  private OptionalLong bound(NodeDef condition) {
    if (condition.getInputCount() == 0) {
      return OptionalLong.empty();
    }
    return values.comparisons(condition.getInput(0)).stream()
        .map(comparison -> bound(condition, comparison))
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  private OptionalLong bound(NodeDef condition, LoopValues.Comparison comparison) {
    Optional<NodeDef> merge = values.producer(comparison.smaller(), 2, "Merge");
    if (merge.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong start =
        input(merge.get(), "Enter").map(values::integer).orElse(OptionalLong.empty());
    OptionalLong step =
        input(merge.get(), "NextIteration")
            .map(next -> values.increment(next, read -> isVariable(read, merge.get(), condition)))
            .orElse(OptionalLong.empty());
    Optional<String> limit = invariant(comparison.larger(), condition);
    if (limit.isEmpty()) {
      return OptionalLong.empty();
    }
    return values.bound(start, step, limit.get(), comparison.orEqual());
  }

  /** What the only input of a Merge with this op reads; the Merge has two inputs. */
  private Optional<String> input(NodeDef merge, String op) {
    List<NodeDef> inputs =
        merge.getInputList().stream()
            .filter(reading -> !GraphIndex.isControl(reading))
            .map(values::node)
            .toList();
    List<NodeDef> found =
        inputs.stream().filter(node -> node != null && node.getOp().equals(op)).toList();
    return inputs.size() == 2 && found.size() == 1 && found.get(0).getInputCount() > 0
        ? Optional.of(found.get(0).getInput(0))
        : Optional.empty();
  }

  /** Whether an input reads a variable of the loop inside its body. */
  private boolean isVariable(String reading, NodeDef merge, NodeDef condition) {
    return reading.endsWith(":1")
        && values
            .producer(reading)
            .filter(node -> isSwitchOf(node, condition))
            .flatMap(node -> values.producer(node.getInput(0)))
            .filter(merge::equals)
            .isPresent();
  }

  private boolean isSwitchOf(NodeDef node, NodeDef condition) {
    return node.getOp().equals("Switch")
        && node.getInputCount() >= 2
        && values.producer(node.getInput(1)).filter(condition::equals).isPresent();
  }

  /** What a value was before the loop, if no iteration changes it. */
  private Optional<String> invariant(String reading, NodeDef condition) {
    Optional<NodeDef> node = values.producer(reading);
    if (node.isPresent() && node.get().getOp().equals("Merge")) {
      return input(node.get(), "NextIteration")
          .filter(next -> isVariable(values.source(next), node.get(), condition))
          .flatMap(next -> input(node.get(), "Enter"));
    }
    if (node.isPresent() && node.get().getOp().equals("Enter")) {
      return node.get().getInputCount() > 0
          ? Optional.of(node.get().getInput(0))
          : Optional.empty();
    }
    // Anything else may be computed again in each iteration.
    return node.filter(one -> one.getOp().equals("Const")).map(one -> reading);
  }

  /** Follows the true outputs of the loop's Switch nodes. */
  private void addEnding(NodeDef condition, Frame frame) {
    Set<String> live = new HashSet<>();
    // A Merge is computed if one of its inputs is, so all must depend on the condition.
    Map<String, Integer> others = new HashMap<>(sourceCounts);
    Deque<NodeDef> open = new ArrayDeque<>(readersOfTrueOutputs(condition, frame));
    while (!open.isEmpty()) {
      NodeDef node = open.remove();
      if (live.add(node.getName())) {
        if (node.getOp().equals("NextIteration") && frame.equals(frames.get(node.getName()))) {
          ending.add(node.getName());
        }
        readers.getOrDefault(node.getName(), List.of()).stream()
            .filter(
                reader ->
                    !reader.getOp().equals("Merge")
                        || others.merge(reader.getName(), -1, Integer::sum) == 0)
            .forEach(open::add);
      }
    }
  }

  private List<NodeDef> readersOfTrueOutputs(NodeDef condition, Frame frame) {
    Set<String> outputs =
        body.nodes().stream()
            .filter(node -> isSwitchOf(node, condition))
            .filter(node -> frame.equals(frames.get(node.getName())))
            .map(node -> node.getName() + ":1")
            .collect(Collectors.toSet());
    return body.nodes().stream()
        .filter(node -> !node.getOp().equals("Merge"))
        .filter(node -> node.getInputList().stream().anyMatch(outputs::contains))
        .toList();
  }
}

package dev.retrain.backbone.guard;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.util.RetrainException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef.ArgDef;

/** Which loops may run: those that count up to a limit. */
class LoopCheckTest {
  /** A loop of nodes in a frame: {@code for (i = start; i < limit; i += step) images *= images}. */
  private static final class Loop {
    private final HostileGraph graph = new HostileGraph();
    private String frame = "loop";
    private int start;
    private int limit = 10;
    private int step = 1;
    private String comparison = "Less";
    private String counted = "i/add";
    private String limited = "limit/enter";
    private String condition = "loop/less";
    private String controlled = "loop/cond";

    private NodeDef.Builder enter(String name, String input) {
      return HostileGraph.node(name, "Enter", input)
          .putAttr("frame_name", HostileGraph.string(frame));
    }

    GraphDef build() {
      graph.add(HostileGraph.scalar("start", start));
      graph.add(HostileGraph.scalar("limit", limit));
      graph.add(enter("i/enter", "start"));
      graph.add(HostileGraph.node("i/merge", "Merge", "i/enter", "i/next"));
      graph.add(enter("x/enter", "images"));
      graph.add(HostileGraph.node("x/merge", "Merge", "x/enter", "x/next"));
      graph.add(
          enter("limit/enter", "limit")
              .putAttr("is_constant", AttrValue.newBuilder().setB(true).build()));
      graph.add(HostileGraph.node("loop/less", comparison, "i/merge", limited));
      graph.add(HostileGraph.node("loop/cond", "LoopCond", condition));
      graph.add(HostileGraph.node("i/switch", "Switch", "i/merge", "loop/cond"));
      graph.add(HostileGraph.node("x/switch", "Switch", "x/merge", controlled));
      graph.add(HostileGraph.scalar("i/step", step).addInput("^i/merge"));
      graph.add(HostileGraph.node("i/add", "AddV2", "i/switch:1", "i/step"));
      graph.add(HostileGraph.node("i/next", "NextIteration", counted));
      graph.add(HostileGraph.node("x/square", "Mul", "x/switch:1", "x/switch:1"));
      graph.add(HostileGraph.node("x/next", "NextIteration", "x/square"));
      graph.add(HostileGraph.node("x/exit", "Exit", "x/switch"));
      return graph.poolFrom("x/exit").build();
    }
  }

  private static GraphDef loop(Consumer<Loop> change) {
    Loop loop = new Loop();
    change.accept(loop);
    return loop.build();
  }

  private static void assertPasses(GraphDef graph) {
    assertThatCode(() -> GraphGuard.check("net.pb", graph, false)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "Less, 0, 10, 1",
    "Less, 0, 1000000, 1",
    "LessEqual, 0, 999999, 1",
    "Less, -1000000, 0, 1",
    "Less, 0, 1000000000, 1000",
    "Less, 10, 0, 1",
  })
  void loopThatCountsToAConstantPasses(String comparison, int start, int limit, int step) {
    assertPasses(
        loop(
            loop -> {
              loop.comparison = comparison;
              loop.start = start;
              loop.limit = limit;
              loop.step = step;
            }));
  }

  private static Stream<Named<GraphDef>> endless() {
    return Stream.of(
        Named.of("step of 0", loop(loop -> loop.step = 0)),
        Named.of("counts down", loop(loop -> loop.step = -1)),
        Named.of("counts past the largest integer", loop(loop -> loop.step = Integer.MAX_VALUE)),
        Named.of(
            "limit that is never exceeded",
            loop(
                loop -> {
                  loop.comparison = "LessEqual";
                  loop.limit = Integer.MAX_VALUE;
                })),
        Named.of("runs while above the limit", loop(loop -> loop.comparison = "Greater")),
        Named.of("runs until equal", loop(loop -> loop.comparison = "NotEqual")),
        Named.of(
            "one of two conditions",
            loop(
                loop -> {
                  loop.graph.add(HostileGraph.node("or", "LogicalOr", "loop/less", "loop/less"));
                  loop.condition = "or";
                })),
        Named.of(
            "limit that is a size in the loop",
            loop(
                loop -> {
                  loop.graph.add(HostileGraph.node("size", "Size", "x/merge"));
                  loop.limited = "size";
                })),
        Named.of("negated condition", loop(LoopCheckTest::negated)),
        Named.of("counter that is not changed", loop(loop -> loop.counted = "i/switch:1")),
        Named.of(
            "counter that is multiplied",
            loop(
                loop -> {
                  loop.graph.add(HostileGraph.node("product", "Mul", "i/switch:1", "i/step"));
                  loop.counted = "product";
                })),
        Named.of(
            "counter that starts again",
            loop(
                loop -> {
                  loop.graph.add(HostileGraph.scalar("zero", 0).addInput("^i/switch"));
                  loop.counted = "zero";
                })),
        Named.of(
            "variable that does not depend on the condition",
            loop(
                loop -> {
                  loop.graph.add(HostileGraph.node("other", "Identity", "loop/less"));
                  loop.controlled = "other";
                })),
        Named.of(
            "loop without a condition",
            HostileGraph.changed(
                graph ->
                    graph
                        .add(
                            NodeDefs.floats("enter", "Enter", "images")
                                .putAttr("frame_name", HostileGraph.string("loop")))
                        .add(NodeDefs.floats("merge", "Merge", "enter", "next"))
                        .run(NodeDefs.floats("next", "NextIteration", "merge")))),
        Named.of("data-dependent condition", new HostileGraph().endlessAbove(0.5f).build()),
        Named.of("functions that count down", functions(-1, "x", 10)),
        Named.of("functions whose limit grows", functions(1, "sum:z:0", 10)),
        Named.of("functions without a cond attribute", functions(1, "n", 10, "cond")),
        Named.of("functions without a body attribute", functions(1, "n", 10, "body")));
  }

  private static void negated(Loop loop) {
    loop.graph.add(HostileGraph.node("not", "LogicalNot", "loop/less"));
    loop.condition = "not";
  }

  @ParameterizedTest
  @MethodSource("endless")
  void loopThatMayNeverEndIsRefused(GraphDef graph) {
    assertThatThrownBy(() -> GraphGuard.check("net.pb", graph, false))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("net.pb", "a loop that may never end", "node '");
    assertPassesIfTrusted(graph);
  }

  private static void assertPassesIfTrusted(GraphDef graph) {
    assertThatCode(() -> GraphGuard.check("net.pb", graph, true)).doesNotThrowAnyException();
  }

  /** {@code for (i = 0; i < n; i += step) n = next} as functions. */
  private static GraphDef functions(int step, String next, int limit, String... removed) {
    return HostileGraph.changed(
        graph -> {
          graph.add(HostileGraph.scalar("start", 0)).add(HostileGraph.scalar("limit", limit));
          graph.function(
              HostileGraph.function("test", HostileGraph.node("less", "Less", "x", "n"))
                  .putRet("y", "less:z:0"));
          graph.function(
              HostileGraph.function(
                      "step",
                      HostileGraph.scalar("one", step),
                      HostileGraph.node("sum", "AddV2", "x", "one:output:0"))
                  .putRet("y", "sum:z:0")
                  .putRet("m", next));
          NodeDef.Builder loop =
              HostileGraph.node("while", "StatelessWhile", "start", "limit")
                  .putAttr("cond", HostileGraph.func("test"))
                  .putAttr("body", HostileGraph.func("step"));
          for (String attribute : removed) {
            loop.removeAttr(attribute);
          }
          graph.run(loop);
        },
        definition ->
            definition
                .getLibraryBuilder()
                .getFunctionBuilderList()
                .forEach(
                    function ->
                        function
                            .getSignatureBuilder()
                            .addInputArg(integer("n"))
                            .addOutputArg(integer("y"))
                            .addOutputArg(integer("m"))));
  }

  private static ArgDef integer(String name) {
    return ArgDef.newBuilder().setName(name).setType(DataType.DT_INT32).build();
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "1, 1000000", "5, 5000000"})
  void functionsThatCountToAConstantPass(int step, int limit) {
    assertPasses(functions(step, "n", limit));
  }

  @Test
  void tooManyIterationsAreRefused() {
    for (GraphDef graph :
        new GraphDef[] {loop(loop -> loop.limit = 1_000_001), functions(1, "n", 1_000_001)}) {
      assertThatThrownBy(() -> GraphGuard.check("net.pb", graph, false))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining("more than 1,000,000 times in loops");
    }
  }
}

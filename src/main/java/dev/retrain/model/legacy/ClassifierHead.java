package dev.retrain.model.legacy;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.NodeDef;

/**
 * The last layers of a classifier.
 *
 * @param output the probabilities, {@code name:0}
 * @param feature the feature tensor, {@code name:index}: what the last dense layer reads, or the
 *     logits if there is no such layer
 * @param vector where feature vectors can be fed: retrain.py's placeholder, or {@code feature}
 * @param weights shape of the last dense layer's weights, inputs first; absent if it is unknown
 */
record ClassifierHead(String output, String feature, String vector, Optional<List<Long>> weights) {
  /** retrain.py's default name of the output. */
  private static final String FINAL = "final_result";

  private static final int MAX_CANDIDATES = 8;
  private static final Set<String> PASS_THROUGH =
      Set.of("Identity", "Reshape", "Squeeze", "StopGradient", "CheckNumerics");
  private static final Set<String> BIAS = Set.of("BiasAdd", "Add", "AddV2");

  /**
   * Finds the output and the last layers.
   *
   * @param file name of the graph in messages
   * @param graph the whole graph
   * @param specified the output that the user specified
   * @throws RetrainException if there is not exactly one output, or it is no probability
   */
  static ClassifierHead find(String file, GraphIndex graph, Optional<String> specified) {
    String output = specified.map(TensorNames::withIndex).orElseGet(() -> infer(file, graph));
    NodeDef softmax = softmax(file, graph, output);
    String logits = softmax.getInput(0);
    Optional<NodeDef> dense = dense(graph, logits);
    if (dense.isEmpty()) {
      String tensor = TensorNames.withIndex(logits);
      return new ClassifierHead(output, tensor, tensor, Optional.empty());
    }
    String read = throughQuantization(graph, dense.get().getInput(0));
    String feature =
        graph
            .producer(read)
            .filter(node -> node.getOp().equals("PlaceholderWithDefault"))
            .filter(node -> node.getInputCount() > 0)
            .map(node -> node.getInput(0))
            .orElse(read);
    return new ClassifierHead(
        output,
        TensorNames.withIndex(feature),
        TensorNames.withIndex(read),
        weights(graph, dense.get()));
  }

  private static String infer(String file, GraphIndex graph) {
    if (graph.node(FINAL).isPresent()) {
      return FINAL + ":0";
    }
    List<String> last =
        softmaxes(graph).stream()
            .filter(name -> graph.readers(TensorNames.operation(name)).isEmpty())
            .toList();
    if (last.size() == 1) {
      return last.get(0);
    }
    throw new RetrainException(
        "%s has %s. Set %s to the tensor with the probabilities of the classes%s.",
        file,
        last.isEmpty() ? "no softmax as its last node" : last.size() + " softmax outputs",
        Setting.OUTPUT_TENSOR,
        candidates(graph));
  }

  private static String candidates(GraphIndex graph) {
    List<String> names = softmaxes(graph);
    return names.isEmpty()
        ? ""
        : names.stream()
            .skip(Math.max(0, names.size() - MAX_CANDIDATES))
            .map(SafeText::quote)
            .collect(Collectors.joining(", ", "; candidates: ", ""));
  }

  /** All tensors with probabilities: softmaxes, and what only reshapes them. */
  private static List<String> softmaxes(GraphIndex graph) {
    return graph.nodes().stream()
        .filter(node -> beforeReshapes(graph, node).getOp().equals("Softmax"))
        .map(node -> node.getName() + ":0")
        .toList();
  }

  private static NodeDef softmax(String file, GraphIndex graph, String output) {
    NodeDef node =
        graph
            .node(TensorNames.operation(output))
            .orElseThrow(
                () ->
                    new RetrainException(
                        "%s has no operation '%s', which %s refers to%s.",
                        file,
                        SafeText.quote(TensorNames.operation(output)),
                        Setting.OUTPUT_TENSOR,
                        candidates(graph)));
    NodeDef last = beforeReshapes(graph, node);
    if (!last.getOp().equals("Softmax") || last.getInputCount() == 0) {
      throw new RetrainException(
          "Tensor %s of %s is computed by %s, not by a softmax, so its values are not the"
              + " probabilities of classes that exclude each other. Set %s to another tensor%s.",
          SafeText.quote(output),
          file,
          SafeText.quote(last.getOp()),
          Setting.OUTPUT_TENSOR,
          candidates(graph));
    }
    return last;
  }

  private static NodeDef beforeReshapes(GraphIndex graph, NodeDef node) {
    NodeDef current = node;
    for (int steps = 0; steps < graph.nodes().size(); steps++) {
      if (!PASS_THROUGH.contains(current.getOp()) || current.getInputCount() == 0) {
        return current;
      }
      Optional<NodeDef> before = graph.producer(current.getInput(0));
      if (before.isEmpty()) {
        return current;
      }
      current = before.get();
    }
    return current;
  }

  /** The matrix multiplication whose result, with a bias, is the logits. */
  private static Optional<NodeDef> dense(GraphIndex graph, String logits) {
    Optional<NodeDef> node = graph.producer(throughQuantization(graph, logits));
    if (node.filter(one -> BIAS.contains(one.getOp()) && one.getInputCount() == 2).isPresent()) {
      node = graph.producer(throughQuantization(graph, node.get().getInput(0)));
    }
    return node.filter(one -> one.getOp().equals("MatMul") && one.getInputCount() == 2);
  }

  /** An input before Identity nodes and those that simulate quantization. */
  private static String throughQuantization(GraphIndex graph, String input) {
    String current = input;
    for (int steps = 0; steps < graph.nodes().size(); steps++) {
      Optional<NodeDef> node =
          graph
              .producer(current)
              .filter(
                  one ->
                      one.getOp().equals("Identity")
                          || one.getOp().startsWith("FakeQuantWithMinMax"))
              .filter(one -> one.getInputCount() > 0);
      if (node.isEmpty()) {
        return current;
      }
      current = node.get().getInput(0);
    }
    return current;
  }

  private static Optional<List<Long>> weights(GraphIndex graph, NodeDef dense) {
    boolean transposed =
        dense.getAttrMap().containsKey("transpose_b")
            && dense.getAttrMap().get("transpose_b").getB();
    return graph
        .constant(throughQuantization(graph, dense.getInput(1)))
        .map(NodeDefs::shape)
        .filter(shape -> shape.size() == 2)
        .map(shape -> transposed ? List.of(shape.get(1), shape.get(0)) : shape);
  }
}

package dev.retrain.backbone.signature.range;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * The first batch normalization of a network, with the statistics that it stores: those of its
 * input during the training of the network.
 *
 * @param tensor its input, as a node's input
 * @param mean of each channel, or of all; empty if it isn't found
 * @param variance of each channel
 */
record FirstBatchNorm(String tensor, List<Double> mean, List<Double> variance) {
  private static final Set<String> FUSED =
      Set.of("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3");

  /** With fewer channels, their median says little. */
  private static final int MIN_CHANNELS = 3;

  private static final int MAX_STEPS = 6;

  /**
   * Finds it.
   *
   * @param graph the graph
   * @param operation the input's operation
   * @return empty if there is none, or its statistics are folded into weights or untrained
   */
  static Optional<FirstBatchNorm> find(GraphDef graph, String operation) {
    Readers readers = new Readers(graph);
    Deque<String> open = new ArrayDeque<>(List.of(operation));
    Set<String> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      String current = open.remove();
      for (NodeDef node : readers.of(current)) {
        Optional<FirstBatchNorm> found = at(readers, node, current);
        if (found.isPresent()) {
          return found.filter(FirstBatchNorm::isTrained);
        }
        if (seen.add(node.getName())) {
          open.add(node.getName());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<FirstBatchNorm> at(Readers readers, NodeDef node, String data) {
    if (FUSED.contains(node.getOp()) && node.getInputCount() > 4) {
      boolean training =
          !node.containsAttr("is_training") || node.getAttrOrThrow("is_training").getB();
      return training
          ? Optional.empty()
          : statistics(readers, node.getInput(0), node.getInput(3), node.getInput(4));
    }
    if (node.getOp().equals("BatchNormWithGlobalNormalization") && node.getInputCount() > 2) {
      return statistics(readers, node.getInput(0), node.getInput(1), node.getInput(2));
    }
    return node.getOp().equals("Mul") && node.getInputCount() == 2
        ? decomposed(readers, node, data)
        : Optional.empty();
  }

  private static Optional<FirstBatchNorm> statistics(
      Readers readers, String input, String mean, String variance) {
    return readers
        .constant(variance)
        .filter(values -> values.length >= MIN_CHANNELS)
        .map(values -> new FirstBatchNorm(input, list(readers.constant(mean)), boxed(values)));
  }

  /** {@code x * (gamma * rsqrt(variance + epsilon)) + (beta - mean * (...))}. */
  private static Optional<FirstBatchNorm> decomposed(
      Readers readers, NodeDef product, String data) {
    boolean isFirst = Readers.isFrom(product.getInput(0), data);
    String factor = product.getInput(isFirst ? 1 : 0);
    String input = product.getInput(isFirst ? 0 : 1);
    return reciprocalDeviation(readers, factor)
        .flatMap(rsqrt -> sum(readers, rsqrt))
        .flatMap(sum -> variance(readers, sum))
        .filter(values -> values.length >= MIN_CHANNELS)
        .map(
            values ->
                new FirstBatchNorm(input, list(mean(readers, product, factor)), boxed(values)));
  }

  private static List<Double> list(Optional<double[]> values) {
    return values.map(FirstBatchNorm::boxed).orElse(List.of());
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /** The Rsqrt that a factor comes from, through the product with gamma. */
  private static Optional<NodeDef> reciprocalDeviation(Readers readers, String factor) {
    Optional<NodeDef> node = readers.producer(factor);
    for (int i = 0; i < MAX_STEPS && node.isPresent(); i++) {
      NodeDef current = node.get();
      if (current.getOp().equals("Rsqrt")) {
        return node;
      }
      if (current.getInputCount() == 0) {
        return Optional.empty();
      }
      node =
          current.getInputList().stream()
              .filter(input -> !GraphIndex.isControl(input))
              .map(readers::producer)
              .flatMap(Optional::stream)
              .filter(producer -> !producer.getOp().equals("Const"))
              .findFirst();
    }
    return Optional.empty();
  }

  private static Optional<NodeDef> sum(Readers readers, NodeDef rsqrt) {
    return readers.producer(rsqrt.getInput(0)).filter(node -> node.getOp().startsWith("Add"));
  }

  private static Optional<double[]> variance(Readers readers, NodeDef sum) {
    return sum.getInputList().stream()
        .map(readers::constant)
        .flatMap(Optional::stream)
        .filter(values -> values.length > 1)
        .findFirst();
  }

  private static Optional<double[]> mean(Readers readers, NodeDef product, String factor) {
    return readers.of(GraphIndex.operation(factor)).stream()
        .filter(node -> node.getOp().equals("Mul") && !node.getName().equals(product.getName()))
        .flatMap(node -> node.getInputList().stream())
        .filter(input -> !Readers.isFrom(input, GraphIndex.operation(factor)))
        .map(readers::constant)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Whether the variances differ; those of a new network are all 1. */
  private boolean isTrained() {
    return Set.copyOf(variance).size() > 1;
  }
}

package dev.retrain.finetune.layers;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.finetune.network.NetworkShapes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * What training a network costs.
 *
 * @param blocks number of blocks of the network
 * @param trainedBlocks number of blocks that are trained
 * @param parameters number of trained values
 * @param activationBytes bytes of a batch's intermediate values that its gradients need
 * @param parameterBytes bytes of the parameters with their gradients and an optimizer's state
 */
public record FineTuneEstimate(
    int blocks, int trainedBlocks, long parameters, long activationBytes, long parameterBytes) {
  /** Their values need no memory of their own, or are not needed by gradients. */
  private static final Set<String> WITHOUT_MEMORY =
      Set.of(
          "Identity",
          "Reshape",
          "Squeeze",
          "ExpandDims",
          "BiasAdd",
          "ReadVariableOp",
          "VarHandleOp",
          "Const",
          "FusedBatchNormV3");

  /** A parameter has a value, a gradient and two moments of the optimizer. */
  private static final int COPIES = 4;

  /**
   * Estimates it.
   *
   * @param tuned the network
   * @param batchSize images in a batch
   */
  public static FineTuneEstimate of(FineTuneNetwork tuned, int batchSize) {
    long floats = activations(tuned, batchSize);
    long parameters = tuned.network().parameterCount();
    return new FineTuneEstimate(
        tuned.blocks(),
        tuned.trainedBlocks(),
        parameters,
        Float.BYTES * floats,
        COPIES * Float.BYTES * parameters);
  }

  /** Bytes of memory for training, besides that of the program and its images. */
  public long bytes() {
    return activationBytes + parameterBytes;
  }

  private static long activations(FineTuneNetwork tuned, int batchSize) {
    GraphDef graph = tuned.network().training();
    NetworkShapes shapes = NetworkShapes.infer(graph);
    Set<String> kept = new HashSet<>();
    long largest = 0;
    for (NodeDef node : tuned.network().trainedNodes()) {
      // A gradient needs what the layer read, and its own result.
      node.getInputList().forEach(input -> kept.add(GraphIndex.operation(input)));
      kept.add(node.getName());
      largest = Math.max(largest, size(shapes.of(node.getName()), batchSize));
    }
    long floats =
        graph.getNodeList().stream()
            .filter(node -> kept.contains(node.getName()))
            .filter(node -> !WITHOUT_MEMORY.contains(node.getOp()))
            .mapToLong(node -> size(shapes.of(node.getName()), batchSize))
            .sum();
    // The gradients of the largest value and of what it is computed from.
    return floats + 2 * largest;
  }

  private static long size(List<Long> shape, int batchSize) {
    if (shape.isEmpty()) {
      return 0;
    }
    long size = batchSize;
    for (long one : shape.subList(1, shape.size())) {
      size *= Math.max(1, one);
    }
    return size;
  }
}

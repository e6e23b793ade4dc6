package dev.retrain.bench;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.finetune.network.NetworkParameter;
import dev.retrain.finetune.network.NetworkShapes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** The arithmetic of an update. */
final class TrainingArithmetic {
  private static final String DEPTHWISE = "DepthwiseConv2dNative";

  private TrainingArithmetic() {}

  /**
   * Counts two operations, a multiplication and an addition, for each product of the convolutions.
   * The gradient of the kernel and the gradient of the input each have as many as the convolution
   * itself; the first is computed where the kernel is trained, the second where an earlier
   * parameter is. All else is not counted: normalizations, activations, distortions, the head and
   * the optimizer.
   */
  static double gflopPerImage(FineTuneNetwork tuned) {
    GraphDef graph = tuned.network().training();
    NetworkShapes shapes = NetworkShapes.infer(graph);
    Set<String> parameters = new HashSet<>();
    tuned.network().parameters().stream().map(NetworkParameter::name).forEach(parameters::add);
    Set<String> trained = new HashSet<>();
    tuned.network().trainedNodes().forEach(node -> trained.add(node.getName()));
    double operations = 0;
    for (NodeDef node : graph.getNodeList()) {
      if (node.getOp().equals("Conv2D") || node.getOp().equals(DEPTHWISE)) {
        int passes = 1;
        passes += parameters.contains(input(node, 1)) ? 1 : 0;
        passes += trained.contains(input(node, 0)) ? 1 : 0;
        operations += passes * 2.0 * products(node, shapes);
      }
    }
    return operations / 1e9;
  }

  private static String input(NodeDef node, int index) {
    return GraphIndex.operation(node.getInput(index));
  }

  private static long products(NodeDef convolution, NetworkShapes shapes) {
    List<Long> outputs = shapes.of(convolution.getName());
    List<Long> kernel = shapes.of(input(convolution, 1));
    // [height, width, inputs, outputs], or [height, width, inputs, multiplier] if depthwise.
    int summed = convolution.getOp().equals(DEPTHWISE) ? 2 : 3;
    return product(outputs.subList(1, 4)) * product(kernel.subList(0, summed));
  }

  private static long product(List<Long> sizes) {
    return sizes.stream().reduce(1L, (a, b) -> a * b);
  }
}

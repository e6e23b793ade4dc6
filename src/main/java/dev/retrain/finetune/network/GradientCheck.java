package dev.retrain.finetune.network;

import dev.retrain.util.ErrorText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.TensorFlowRuntime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;

/** Checks that a network can be trained, before anything is decoded or computed. */
public final class GradientCheck {
  private static final Pattern NO_GRADIENT =
      Pattern.compile("No gradient defined for op: ([\\w>]+)");

  private GradientCheck() {}

  /**
   * Checks that every parameter has a gradient.
   *
   * @param network the network
   * @param vector name of the node that computes its vectors
   * @throws RetrainException if there are no parameters, or TensorFlow lacks the gradient of an op
   */
  public static void check(TrainableNetwork network, String vector) {
    if (network.parameters().isEmpty()) {
      throw new RetrainException(
          "There is nothing to fine-tune: the trained part of the network has no kernels. Set %s to"
              + " more layers, or choose another network with %s.",
          Setting.FINE_TUNE_LAYERS, Setting.BACKBONE);
    }
    checkWrong(network);
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      graph.importGraphDef(network.training());
      Output<?>[] values =
          network.parameters().stream()
              .map(parameter -> graph.operation(parameter.name()).output(0))
              .toArray(Output<?>[]::new);
      Output<?>[] gradients = graph.addGradients(graph.operation(vector).output(0), values);
      for (int i = 0; i < gradients.length; i++) {
        checkReached(gradients[i], network.parameters().get(i).name());
      }
    } catch (TensorFlowException | IllegalArgumentException | UnsupportedOperationException e) {
      throw refusal(e, network.training().getNodeList());
    }
  }

  /** Refuses ops whose native gradient exists, but is wrong. */
  private static void checkWrong(TrainableNetwork network) {
    NetworkShapes shapes = NetworkShapes.infer(network.training());
    for (NodeDef node : network.trainedNodes()) {
      boolean dilated =
          node.getOp().equals("Conv2D")
              && node
                  .getAttrOrDefault("dilations", AttrValue.getDefaultInstance())
                  .getList()
                  .getIList()
                  .stream()
                  .anyMatch(dilation -> dilation != 1);
      // The gradient sums over the second dimension, not the last one.
      boolean deep = node.getOp().equals("LogSoftmax") && shapes.of(node.getName()).size() != 2;
      if (dilated || deep) {
        throw refusal(dilated ? "Conv2D with dilations" : "LogSoftmax", node.getName(), null);
      }
    }
  }

  private static void checkReached(Output<?> gradient, String parameter) {
    try {
      gradient.dataType();
    } catch (IllegalStateException e) {
      // The output of a gradient that doesn't exist has no operation.
      throw new RetrainException(
          e,
          "The network can't be fine-tuned: no gradient reaches '%s'. Set %s to fewer layers, or"
              + " choose another network with %s.",
          parameter,
          Setting.FINE_TUNE_LAYERS,
          Setting.BACKBONE);
    }
  }

  private static RetrainException refusal(RuntimeException e, List<NodeDef> nodes) {
    Matcher matcher = NO_GRADIENT.matcher(String.valueOf(e.getMessage()));
    if (!matcher.find()) {
      return new RetrainException(
          e,
          "The network can't be fine-tuned: %s. Set %s to fewer layers, or choose another network"
              + " with %s.",
          ErrorText.firstLine(e),
          Setting.FINE_TUNE_LAYERS,
          Setting.BACKBONE);
    }
    String op = matcher.group(1);
    Optional<String> last =
        nodes.stream()
            .filter(node -> node.getOp().equals(op))
            .map(NodeDef::getName)
            .reduce((first, second) -> second);
    return refusal(op, last.orElse("?"), e);
  }

  private static RetrainException refusal(String op, String node, RuntimeException cause) {
    return new RetrainException(
        cause,
        "The network can't be fine-tuned through the op %s (node '%s'): TensorFlow's C++ library has no"
            + " correct gradient for it. Set %s to the layers after it, or choose another network with %s.",
        op,
        node,
        Setting.FINE_TUNE_LAYERS,
        Setting.BACKBONE);
  }
}

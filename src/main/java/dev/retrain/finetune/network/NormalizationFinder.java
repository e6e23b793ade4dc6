package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.finetune.network.Normalization.Folding;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;

/**
 * Finds the nodes of a frozen network in whose place a batch normalization can be trained: the bias
 * of a convolution, an inference-mode batch normalization, and one that graph passes have turned
 * into a multiplication and an addition.
 *
 * @param index the network
 * @param shapes its static shapes
 * @param trained whether a node, or a constant, is trained
 */
record NormalizationFinder(GraphIndex index, NetworkShapes shapes, Predicate<NodeDef> trained) {
  /** TensorFlow's default for FusedBatchNorm. */
  private static final float DEFAULT_EPSILON = 1e-4f;

  /** After other ops, a scale and a shift are rather those of a layer normalization. */
  private static final Set<String> NORMALIZED =
      Set.of(
          Kernels.CONVOLUTION,
          Kernels.DEPTHWISE,
          "ConcatV2",
          "Add",
          "AddV2",
          "BiasAdd",
          "MaxPool",
          "AvgPool",
          "Relu",
          "Relu6",
          "Pad");

  /** The normalization that can take a node's place. */
  Optional<Normalization> find(NodeDef node) {
    if (!trained.test(node) || !NodeDefs.channelsLast(node)) {
      return Optional.empty();
    }
    return switch (node.getOp()) {
      case "BiasAdd", "Add", "AddV2" -> sum(node);
      case "FusedBatchNormV3" -> inference(node);
      default -> Optional.empty();
    };
  }

  private Optional<Normalization> sum(NodeDef node) {
    return operand(node)
        .flatMap(
            bias ->
                ownProducer(node.getInput(1 - bias.position()))
                    .filter(trained)
                    .filter(NodeDefs::channelsLast)
                    .flatMap(
                        source ->
                            source.getOp().equals("Mul")
                                ? scaled(node, source, bias.constant())
                                : biased(node, source, bias.constant())));
  }

  private Optional<Normalization> biased(NodeDef node, NodeDef convolution, NodeDef bias) {
    return Optional.of(convolution)
        .filter(Kernels::isConvolution)
        .filter(source -> isNormalizable(source.getName(), bias))
        .flatMap(source -> ownConstant(source.getInput(1)))
        .filter(trained)
        .map(
            kernel ->
                normalization(
                    node,
                    convolution.getName(),
                    new Folding.Kernel(kernel.getName(), bias.getName())));
  }

  private Optional<Normalization> scaled(NodeDef node, NodeDef product, NodeDef bias) {
    return operand(product)
        .flatMap(
            scale ->
                index
                    .skipIdentities(product.getInput(1 - scale.position()))
                    .filter(source -> NORMALIZED.contains(source.getOp()))
                    .filter(source -> isNormalizable(source.getName(), bias))
                    .filter(source -> isNormalizable(source.getName(), scale.constant()))
                    .map(
                        source ->
                            normalization(
                                node,
                                source.getName(),
                                new Folding.Scale(scale.constant().getName(), bias.getName()))));
  }

  private Optional<Normalization> inference(NodeDef node) {
    AttrValue training = node.getAttrMap().get("is_training");
    // The default of is_training is true.
    boolean applicable =
        training != null
            && !training.getB()
            && node.getInputList().subList(1, 5).stream()
                .allMatch(input -> ownConstant(input).filter(trained).isPresent())
            && index.producer(node.getInput(0)).isPresent()
            && index.inputsFrom(node).stream().allMatch(input -> index.producer(input).isPresent());
    if (!applicable) {
      return Optional.empty();
    }
    List<String> constants =
        node.getInputList().subList(1, 5).stream()
            .map(input -> ownConstant(input).orElseThrow().getName())
            .toList();
    AttrValue epsilon = node.getAttrMap().get("epsilon");
    return Optional.of(
        normalization(
            node,
            index.producer(node.getInput(0)).orElseThrow().getName(),
            new Folding.Inference(
                constants.get(0),
                constants.get(1),
                constants.get(2),
                constants.get(3),
                epsilon == null ? DEFAULT_EPSILON : epsilon.getF())));
  }

  private Normalization normalization(NodeDef node, String input, Folding folding) {
    return new Normalization(
        node.getName(),
        input,
        index.freshName(node.getName() + "/batch_norm"),
        index.freshName(node.getName() + "/gamma"),
        index.freshName(node.getName() + "/beta"),
        folding);
  }

  /**
   * Whether a tensor has several positions, and the constant one value for each of its channels.
   */
  private boolean isNormalizable(String tensor, NodeDef constant) {
    List<Long> shape = shapes.of(tensor);
    return shape.size() == 4
        // Without positions, moments would be of few values: squeeze-and-excitation layers.
        && (shape.get(1) != 1 || shape.get(2) != 1)
        && shape.get(3) == elements(constant);
  }

  private static long elements(NodeDef constant) {
    return NodeDefs.elements(NodeDefs.value(constant).getTensorShape());
  }

  /**
   * A vector of a sum or product.
   *
   * @param position which input of the node it is
   */
  private record Operand(int position, NodeDef constant) {}

  /** The operand that is a vector of its own, trained and along the channels. */
  private Optional<Operand> operand(NodeDef node) {
    for (int position : new int[] {1, 0}) {
      Optional<NodeDef> constant =
          ownConstant(node.getInput(position)).filter(trained).filter(this::isLast);
      if (constant.isPresent()) {
        return Optional.of(new Operand(position, constant.get()));
      }
    }
    return Optional.empty();
  }

  private boolean isLast(NodeDef constant) {
    List<Long> shape = NodeDefs.shape(constant);
    return !shape.isEmpty() && shape.get(shape.size() - 1) == elements(constant);
  }

  /** The constant of an input that nothing else reads. */
  private Optional<NodeDef> ownConstant(String input) {
    return index
        .constant(input)
        .filter(constant -> ownProducer(input).filter(constant::equals).isPresent());
  }

  /** The node before an input, without Identity nodes, if nothing else reads these nodes. */
  private Optional<NodeDef> ownProducer(String input) {
    Optional<NodeDef> node = index.producer(input).filter(index::hasSingleReader);
    while (node.filter(one -> one.getOp().equals("Identity")).isPresent()) {
      node = index.producer(node.get().getInput(0)).filter(index::hasSingleReader);
    }
    return node;
  }
}

package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;

/**
 * Finds the tensors of a network that hold the features of images.
 *
 * @param file name of the network in messages
 * @param nodes the network
 * @param input the tensor that accepts images
 * @param output its output
 * @param shapes the shapes of its tensors
 */
record FeatureInference(
    String file, NetworkNodes nodes, String input, String output, LayerShapes shapes) {
  /** A shorter vector is rarely one of features. */
  static final int MIN_LENGTH = 8;

  /** Ops whose values are listed as candidates. */
  static final Set<String> OPS =
      Set.of("AvgPool", "Mean", "MaxPool", "Relu", "Relu6", "Concat", "ConcatV2", "Squeeze");

  private static final Set<String> SHAPE_CHANGES =
      Set.of("Identity", "Reshape", "Squeeze", "Cast", "Relu", "Relu6");

  /**
   * The feature tensors.
   *
   * @param tensors in the form of {@link FeatureTensor}
   * @param reason what was inferred and why, in a sentence
   */
  record Features(List<String> tensors, String reason) {}

  /**
   * Finds the tensors.
   *
   * @param set which layers make the vector
   * @throws RetrainException if there are none
   */
  Features find(FeatureSet set) {
    Optional<String> entering = new OutputHead(nodes, output).classifierInput();
    String last = pooling(entering.orElse(output)).orElse(entering.orElse(output));
    String reason =
        entering.isPresent()
            ? "what enters the last dense layer, because the output " + output + " is class scores"
            : "the pooled output";
    Features features =
        set == FeatureSet.LAST
            ? new Features(List.of(last), sentence(List.of(last), reason))
            : layers(set, last);
    checkLength(features.tensors());
    return features;
  }

  private Features layers(FeatureSet set, String last) {
    List<String> layers = new FeatureLayers(file, nodes, input, last, shapes).find(set);
    return new Features(
        layers, sentence(layers, "the last layers of each size that all of the output depends on"));
  }

  private static String sentence(List<String> tensors, String reason) {
    return "Features: %s (%s)."
        .formatted(
            String.join(", ", tensors.stream().map(SafeText::quote).toList()),
            SafeText.quote(reason));
  }

  /** The pooling that a tensor has the values of; empty if it is no pooling's output. */
  private Optional<String> pooling(String tensor) {
    Optional<NodeDef> node = nodes.producer(tensor);
    Set<String> seen = new HashSet<>();
    while (node.isPresent() && seen.add(node.get().getName())) {
      if (isPooling(node.get())) {
        return Optional.of(node.get().getName() + ":0");
      }
      if (!SHAPE_CHANGES.contains(node.get().getOp())) {
        return Optional.empty();
      }
      node = NetworkNodes.firstInput(node.get()).flatMap(nodes::producer);
    }
    return Optional.empty();
  }

  /** Whether a node averages over positions, not over channels as layer normalization does. */
  private boolean isPooling(NodeDef node) {
    if (node.getOp().equals("AvgPool")) {
      return true;
    }
    if (!node.getOp().equals("Mean") || node.getInputCount() < 2) {
      return false;
    }
    Shape shape = shapes.of(node.getInput(0));
    Optional<double[]> axes = nodes.constant(node.getInput(1));
    if (axes.isEmpty()) {
      return false;
    }
    int rank = shape.isUnknown() ? 0 : shape.numDimensions();
    return Arrays.stream(axes.get())
        .noneMatch(axis -> axis == -1 || (rank > 0 && axis == rank - 1) || axis == 0);
  }

  private void checkLength(List<String> tensors) {
    long length = 0;
    for (FeatureTensor feature : tensors.stream().map(FeatureTensor::parse).toList()) {
      long channels = shapes.channels(feature.tensor());
      if (channels < 0) {
        return;
      }
      length += channels * feature.rows() * feature.columns();
    }
    if (length < MIN_LENGTH) {
      throw new RetrainException(
          "%s gives vectors of %d %s at %s, which is too short for features. Set %s to the tensor that"
              + " holds the features%s.",
          file,
          length,
          length == 1 ? "value" : "values",
          SafeText.quote(String.join(",", tensors)),
          Setting.BOTTLENECK_TENSOR,
          InputInference.candidates(candidates()));
    }
  }

  /** Tensors that are long enough, the last ones first. */
  private List<String> candidates() {
    List<String> all =
        nodes.all().stream()
            .filter(node -> OPS.contains(node.getOp()))
            .map(node -> node.getName() + ":0")
            .filter(tensor -> shapes.channels(tensor) >= MIN_LENGTH)
            .toList();
    return Stream.iterate(all.size() - 1, i -> i >= 0, i -> i - 1)
        .limit(InputInference.MAX_CANDIDATES)
        .map(all::get)
        .map(TensorNames::withIndex)
        .toList();
  }
}

package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.finetune.network.Normalization.Folding;
import dev.retrain.util.RetrainException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Replaces the constants of a network by variables, and biases by batch normalizations.
 *
 * <p>The parameters are the kernels of convolutions and matrix multiplications, and what comes
 * after the first of them: biases, and vectors that are added, subtracted or multiplied. Other
 * constants are none: sizes, axes, factors, and what prepares the images.
 */
public final class TrainableNetworkBuilder {
  private static final Set<String> ARITHMETIC = Set.of("BiasAdd", "Add", "AddV2", "Sub", "Mul");

  private final GraphDef network;
  private final Set<String> fixed;
  private final GraphIndex index;
  private final Set<String> fixedConstants = new HashSet<>();
  private final Set<String> afterKernel;
  private final HeadDistances distances;
  private final List<Normalization> normalizations = new ArrayList<>();
  private final Map<String, NetworkParameter> parameters = new LinkedHashMap<>();
  private final Map<String, List<NodeDef>> replacements = new HashMap<>();

  /** Constants that a normalization has taken up. */
  private final Set<String> folded = new HashSet<>();

  private TrainableNetworkBuilder(GraphDef network, Set<String> fixed) {
    this.network = network;
    this.fixed = fixed;
    index = new GraphIndex(network, Set.of());
    for (NodeDef node : network.getNodeList()) {
      if (fixed.contains(node.getName())) {
        node.getInputList().stream()
            .flatMap(input -> index.constant(input).stream())
            .forEach(constant -> fixedConstants.add(constant.getName()));
      }
    }
    afterKernel = afterKernel();
    distances = new HeadDistances(network, this::isTrainedLayer);
  }

  /**
   * Prepares a network.
   *
   * @param network a network that the guard has accepted; nodes follow their inputs
   * @param fixed names of the nodes whose parameters are not trained
   * @throws RetrainException if a trained layer does not compute in float32
   */
  public static TrainableNetwork build(GraphDef network, Set<String> fixed) {
    return new TrainableNetworkBuilder(network, fixed).build();
  }

  private TrainableNetwork build() {
    NormalizationFinder finder =
        new NormalizationFinder(index, NetworkShapes.infer(network), this::isTrained);
    Map<String, Normalization> found = new HashMap<>();
    for (NodeDef node : network.getNodeList()) {
      if (afterKernel.contains(node.getName())) {
        finder.find(node).ifPresent(one -> found.put(node.getName(), one));
      }
    }
    found.values().forEach(one -> folded.addAll(vectors(one.folding())));
    for (NodeDef node : network.getNodeList()) {
      if (!fixed.contains(node.getName())) {
        Optional<Normalization> normalization = Optional.ofNullable(found.get(node.getName()));
        normalization.ifPresentOrElse(one -> normalize(node, one), () -> addConstants(node));
      }
    }
    return new TrainableNetwork(
        network, index.with(replacements), normalizations, List.copyOf(parameters.values()));
  }

  private static List<String> vectors(Folding folding) {
    if (folding instanceof Folding.Inference all) {
      return List.of(all.gamma(), all.beta(), all.mean(), all.variance());
    }
    return folding instanceof Folding.Scale scale
        ? List.of(scale.scale(), scale.bias())
        : List.of(((Folding.Kernel) folding).bias());
  }

  private boolean isTrained(NodeDef node) {
    return !fixed.contains(node.getName()) && !fixedConstants.contains(node.getName());
  }

  private boolean isTrainedLayer(NodeDef node) {
    return !fixed.contains(node.getName()) && !Kernels.of(index, node).isEmpty();
  }

  /** The names of the trained layers with kernels and of all nodes after them. */
  private Set<String> afterKernel() {
    Set<String> names = new HashSet<>();
    for (NodeDef node : network.getNodeList()) {
      boolean after =
          node.getInputList().stream().map(GraphIndex::operation).anyMatch(names::contains);
      if (after || isTrainedLayer(node)) {
        names.add(node.getName());
      }
    }
    return names;
  }

  private void addConstants(NodeDef node) {
    List<NodeDef> kernels = Kernels.of(index, node);
    Kernels.otherType(index, node)
        .ifPresent(
            type -> {
              throw new RetrainException(
                  "The network can't be fine-tuned: node '%s' computes in %s. Freeze the network in"
                      + " float32.",
                  node.getName(), NodeDefs.name(type));
            });
    if (!kernels.isEmpty()) {
      kernels.forEach(
          kernel -> addConstant(kernel, !Kernels.isDepthwise(node), distances.of(node)));
    } else if (ARITHMETIC.contains(node.getOp()) && afterKernel.contains(node.getName())) {
      node.getInputList().stream()
          .filter(input -> !GraphIndex.isControl(input))
          .flatMap(input -> index.constant(input).stream())
          .filter(TrainableNetworkBuilder::isVector)
          .forEach(vector -> addConstant(vector, false, distances.of(node)));
    }
  }

  /** Whether a constant has more than one value, along one dimension. */
  private static boolean isVector(NodeDef constant) {
    return NodeDefs.shape(constant).stream().filter(size -> size != 1).count() == 1;
  }

  private void addConstant(NodeDef constant, boolean decayed, int distance) {
    String name = constant.getName();
    if (isTrained(constant) && !folded.contains(name) && !parameters.containsKey(name)) {
      TensorShapeProto shape = NodeDefs.value(constant).getTensorShape();
      replacements.put(name, add(new NetworkParameter(name, shape, decayed, distance)));
    }
  }

  private void normalize(NodeDef node, Normalization normalization) {
    int distance = distances.of(node);
    normalizations.add(normalization);
    NodeDef vector = index.node(vectors(normalization.folding()).get(0)).orElseThrow();
    TensorShapeProto shape =
        NodeDefs.shape(NodeDefs.elements(NodeDefs.value(vector).getTensorShape()));
    List<NodeDef> nodes = new ArrayList<>();
    nodes.addAll(add(new NetworkParameter(normalization.gamma(), shape, false, distance)));
    nodes.addAll(add(new NetworkParameter(normalization.beta(), shape, false, distance)));
    nodes.addAll(ParameterNodes.normalization(normalization));
    replacements.put(normalization.name(), nodes);
  }

  private List<NodeDef> add(NetworkParameter parameter) {
    parameters.put(parameter.name(), parameter);
    return ParameterNodes.variable(parameter);
  }
}

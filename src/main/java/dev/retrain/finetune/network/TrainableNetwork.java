package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A frozen network whose parameters can be trained.
 *
 * <p>In the training graph, each convolution with a bias has a batch normalization in place of the
 * bias: without one, training needs small learning rates and ends at a lower accuracy. So have
 * normalizations by constants that no convolution took up. {@link #initialValues} chooses the
 * parameters so that the network's function is unchanged, and {@link #withValues} folds the
 * normalizations into the frozen network's constants again.
 *
 * @param frozen the frozen network, with batch normalizations folded into the convolutions
 * @param training the same network with variables and batch normalizations; not yet with initial
 *     values
 * @param normalizations its batch normalizations
 * @param parameters the trained tensors
 */
public record TrainableNetwork(
    GraphDef frozen,
    GraphDef training,
    List<Normalization> normalizations,
    List<NetworkParameter> parameters) {
  /** Added to variances, as in TensorFlow's slim models. */
  static final float EPSILON = 1e-3f;

  public TrainableNetwork {
    normalizations = List.copyOf(normalizations);
    parameters = List.copyOf(parameters);
  }

  /**
   * Initial values of the parameters, with which the network computes what it computed before.
   *
   * @param moments moments of the input of each of {@link #normalizations}, in this order
   * @return the values by parameter name
   */
  public Map<String, float[]> initialValues(List<Moments> moments) {
    GraphIndex index = new GraphIndex(frozen, Set.of());
    Map<String, float[]> values = new HashMap<>();
    for (NetworkParameter parameter : parameters) {
      index
          .node(parameter.name())
          .ifPresent(node -> values.put(parameter.name(), FloatConstants.values(node)));
    }
    Map<String, float[]> read = new HashMap<>();
    for (int i = 0; i < normalizations.size(); i++) {
      new NormalizationValues(normalizations.get(i), moments.get(i))
          .putInitial(
              name ->
                  read.computeIfAbsent(
                      name, one -> FloatConstants.values(index.node(one).orElseThrow())),
              values);
    }
    return values;
  }

  /**
   * The frozen network with trained values. It has the nodes of {@link #frozen}, so it is as fast.
   *
   * @param values the values by parameter name
   * @param moments moments of the input of each of {@link #normalizations}, in this order
   */
  public GraphDef withValues(Map<String, float[]> values, List<Moments> moments) {
    Map<String, float[]> constants = new HashMap<>(values);
    for (int i = 0; i < normalizations.size(); i++) {
      new NormalizationValues(normalizations.get(i), moments.get(i)).putFolded(values, constants);
    }
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : frozen.getNodeList()) {
      float[] value = constants.get(node.getName());
      if (value != null) {
        replacements.put(node.getName(), List.of(FloatConstants.with(node, value)));
      }
    }
    return new GraphIndex(frozen, Set.of()).with(replacements);
  }

  /** Number of values in all parameters. */
  public long parameterCount() {
    return parameters.stream().mapToLong(NetworkParameter::size).sum();
  }

  /** The nodes of the training graph that depend on a parameter, in their order. */
  public List<NodeDef> trainedNodes() {
    Set<String> names = new HashSet<>();
    parameters.forEach(parameter -> names.add(parameter.name()));
    List<NodeDef> nodes = new ArrayList<>();
    for (NodeDef node : training.getNodeList()) {
      if (node.getInputList().stream().map(GraphIndex::operation).anyMatch(names::contains)) {
        names.add(node.getName());
        nodes.add(node);
      }
    }
    return nodes;
  }
}

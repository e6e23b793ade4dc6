package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A frozen network whose parameters can be trained.
 *
 * <p>In the training graph, each convolution with a bias has a batch normalization in place of the
 * bias: without one, training needs small learning rates and ends at a lower accuracy. {@link
 * #initialValues} chooses its parameters so that the network's function is unchanged, and {@link
 * #withValues} folds it into the convolution again.
 *
 * @param frozen the frozen network, with batch normalizations folded into the convolutions
 * @param training the same network with variables and batch normalizations; not yet with initial
 *     values
 * @param convolutions the convolutions with a batch normalization
 * @param parameters the trained tensors
 */
public record TrainableNetwork(
    GraphDef frozen,
    GraphDef training,
    List<NormalizedConvolution> convolutions,
    List<NetworkParameter> parameters) {
  /** Added to variances, as in TensorFlow's slim models. */
  static final float EPSILON = 1e-3f;

  public TrainableNetwork {
    convolutions = List.copyOf(convolutions);
    parameters = List.copyOf(parameters);
  }

  /**
   * Initial values of the parameters, with which the network computes what it computed before.
   *
   * @param moments moments of the output of each of {@link #convolutions}, in this order
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
    for (int i = 0; i < convolutions.size(); i++) {
      NormalizedConvolution convolution = convolutions.get(i);
      float[] beta = FloatConstants.values(index.node(convolution.bias()).orElseThrow());
      float[] gamma = new float[beta.length];
      for (int c = 0; c < beta.length; c++) {
        gamma[c] = (float) Math.sqrt(moments.get(i).variance()[c] + EPSILON);
        beta[c] += moments.get(i).mean()[c];
      }
      values.put(convolution.gamma(), gamma);
      values.put(convolution.beta(), beta);
    }
    return values;
  }

  /**
   * The frozen network with trained values. It has the nodes of {@link #frozen}, so it is as fast.
   *
   * @param values the values by parameter name
   * @param moments moments of the output of each of {@link #convolutions}, in this order
   */
  public GraphDef withValues(Map<String, float[]> values, List<Moments> moments) {
    Map<String, float[]> constants = new HashMap<>(values);
    for (int i = 0; i < convolutions.size(); i++) {
      fold(convolutions.get(i), moments.get(i), values, constants);
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

  private static void fold(
      NormalizedConvolution convolution,
      Moments moments,
      Map<String, float[]> values,
      Map<String, float[]> constants) {
    float[] gamma = values.get(convolution.gamma());
    float[] beta = values.get(convolution.beta());
    int channels = gamma.length;
    float[] scale = new float[channels];
    float[] bias = new float[channels];
    for (int c = 0; c < channels; c++) {
      double factor = gamma[c] / Math.sqrt(moments.variance()[c] + (double) EPSILON);
      scale[c] = (float) factor;
      bias[c] = (float) (beta[c] - moments.mean()[c] * factor);
    }
    // The output channel varies fastest, also in a depthwise kernel: [.., inputs, multiplier].
    float[] kernel = values.get(convolution.kernel()).clone();
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] *= scale[i % channels];
    }
    constants.put(convolution.kernel(), kernel);
    constants.put(convolution.bias(), bias);
  }
}

package dev.retrain.finetune.network;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Replaces the constants of a network by variables, and biases by batch normalizations. */
public final class TrainableNetworkBuilder {
  private static final String CONVOLUTION = "Conv2D";
  private static final String DEPTHWISE = "DepthwiseConv2dNative";

  private final GraphDef network;
  private final Set<String> fixed;
  private final GraphIndex index;
  private final List<NormalizedConvolution> convolutions = new ArrayList<>();
  private final Map<String, NetworkParameter> parameters = new LinkedHashMap<>();
  private final Map<String, List<NodeDef>> replacements = new HashMap<>();
  private int layers;

  private TrainableNetworkBuilder(GraphDef network, Set<String> fixed) {
    this.network = network;
    this.fixed = fixed;
    index = new GraphIndex(network, Set.of());
  }

  /**
   * Prepares a network.
   *
   * @param network a network with float32 constants
   * @param fixed names of the nodes whose parameters are not trained
   */
  public static TrainableNetwork build(GraphDef network, Set<String> fixed) {
    return new TrainableNetworkBuilder(network, fixed).build();
  }

  private TrainableNetwork build() {
    for (NodeDef node : network.getNodeList()) {
      if (!fixed.contains(node.getName())) {
        switch (node.getOp()) {
          case CONVOLUTION, "MatMul" -> addKernel(node, true);
          case DEPTHWISE -> addKernel(node, false);
          case "BiasAdd" -> addBias(node);
          default -> {
            // Other constants are no parameters: sizes, axes, factors.
          }
        }
      }
    }
    return new TrainableNetwork(
        network, index.with(replacements), convolutions, List.copyOf(parameters.values()));
  }

  private void addKernel(NodeDef node, boolean decayed) {
    index.constant(node.getInput(1)).ifPresent(kernel -> addConstant(kernel, decayed, layers++));
  }

  private void addBias(NodeDef node) {
    Optional<NodeDef> bias = index.constant(node.getInput(1));
    if (bias.isEmpty()) {
      return;
    }
    int layer = Math.max(layers - 1, 0);
    Optional<NodeDef> convolution =
        index
            .skipIdentities(node.getInput(0))
            .filter(input -> Set.of(CONVOLUTION, DEPTHWISE).contains(input.getOp()))
            .filter(index::hasSingleReader)
            .filter(input -> index.constant(input.getInput(1)).filter(this::isOwn).isPresent());
    if (convolution.isEmpty() || !isOwn(bias.get())) {
      addConstant(bias.get(), false, layer);
    } else {
      normalize(node, convolution.get(), bias.get(), layer);
    }
  }

  /** Whether a constant belongs to one node, so that it can be changed for this node alone. */
  private boolean isOwn(NodeDef constant) {
    return index.inputsFrom(constant).size() == 1;
  }

  private void addConstant(NodeDef constant, boolean decayed, int layer) {
    if (!parameters.containsKey(constant.getName())) {
      TensorShapeProto shape = NodeDefs.value(constant).getTensorShape();
      replacements.put(
          constant.getName(), add(new NetworkParameter(constant.getName(), shape, decayed, layer)));
    }
  }

  private void normalize(NodeDef node, NodeDef convolution, NodeDef bias, int layer) {
    NormalizedConvolution normalized =
        new NormalizedConvolution(
            node.getName(),
            convolution.getName(),
            index.constant(convolution.getInput(1)).orElseThrow().getName(),
            bias.getName());
    convolutions.add(normalized);
    TensorShapeProto shape = NodeDefs.value(bias).getTensorShape();
    List<NodeDef> nodes = new ArrayList<>();
    nodes.addAll(add(new NetworkParameter(normalized.gamma(), shape, false, layer)));
    nodes.addAll(add(new NetworkParameter(normalized.beta(), shape, false, layer)));
    String none = normalized.name() + "/no_moments";
    nodes.add(NodeDefs.constant(none, empty()));
    nodes.add(
        NodeDefs.floats(
                normalized.normalization(),
                "FusedBatchNormV3",
                normalized.convolution(),
                normalized.gamma(),
                normalized.beta(),
                none,
                none)
            .putAttr("U", NodeDefs.type(DataType.DT_FLOAT))
            .putAttr("epsilon", AttrValue.newBuilder().setF(TrainableNetwork.EPSILON).build())
            .putAttr("is_training", AttrValue.newBuilder().setB(true).build())
            .build());
    nodes.add(NodeDefs.floats(node.getName(), "Identity", normalized.normalization()).build());
    replacements.put(node.getName(), nodes);
  }

  private static TensorProto empty() {
    return TensorProto.newBuilder()
        .setDtype(DataType.DT_FLOAT)
        .setTensorShape(NodeDefs.shape(0))
        .build();
  }

  /** The nodes of a parameter: its variable, and a node of its name that reads it. */
  private List<NodeDef> add(NetworkParameter parameter) {
    parameters.put(parameter.name(), parameter);
    NodeDef variable =
        NodeDef.newBuilder()
            .setName(parameter.variable())
            .setOp("VarHandleOp")
            .putAttr("dtype", NodeDefs.type(DataType.DT_FLOAT))
            .putAttr("shape", AttrValue.newBuilder().setShape(parameter.shape()).build())
            // Variables without a shared name are one and the same.
            .putAttr(
                "shared_name",
                AttrValue.newBuilder().setS(ByteString.copyFromUtf8(parameter.variable())).build())
            .build();
    NodeDef value =
        NodeDef.newBuilder()
            .setName(parameter.name())
            .setOp("ReadVariableOp")
            .addInput(parameter.variable())
            .putAttr("dtype", NodeDefs.type(DataType.DT_FLOAT))
            .build();
    return List.of(variable, value);
  }
}

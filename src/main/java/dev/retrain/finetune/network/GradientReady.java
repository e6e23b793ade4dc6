package dev.retrain.finetune.network;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.TensorNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * Replaces ops whose gradient TensorFlow's native library lacks by ops of equal value, and gives
 * each batch normalization constants of its own.
 */
public final class GradientReady {
  private static final Set<String> IDENTITIES =
      Set.of("Snapshot", "PreventGradient", "GuaranteeConst", "CheckNumericsV2");

  private final GraphIndex index;
  private final String input;
  private final Map<String, List<NodeDef>> replacements = new HashMap<>();

  /** New names of the outputs of IdentityN nodes. */
  private final Map<String, String> renamed = new HashMap<>();

  private GradientReady(GraphDef network, String input) {
    index = new GraphIndex(network, Set.of());
    this.input = TensorNames.operation(input);
  }

  /**
   * Replaces the ops.
   *
   * @param network the network
   * @param input its input tensor
   * @return a network with the same values under the same names, except for outputs other than the
   *     first of {@code IdentityN}
   */
  public static GraphDef apply(GraphDef network, String input) {
    return new GradientReady(network, input).apply();
  }

  private GraphDef apply() {
    for (NodeDef node : index.nodes()) {
      if (!node.getName().equals(input)) {
        List<NodeDef> replacement = replacement(node);
        if (!replacement.isEmpty()) {
          replacements.put(node.getName(), replacement);
        }
      }
    }
    GraphDef replaced = index.with(replacements);
    return renamed.isEmpty() ? replaced : rename(replaced);
  }

  private GraphDef rename(GraphDef graph) {
    GraphDef.Builder changed = graph.toBuilder();
    for (NodeDef.Builder node : changed.getNodeBuilderList()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, renamed.getOrDefault(node.getInput(i), node.getInput(i)));
      }
    }
    return changed.build();
  }

  /** The nodes that replace a node; none if it stays. */
  private List<NodeDef> replacement(NodeDef node) {
    if (IDENTITIES.contains(node.getOp())) {
      return List.of(identity(node, NodeDefs.type(node, "T")));
    }
    return switch (node.getOp()) {
      case "Conv2D", "DepthwiseConv2dNative" -> padded(node);
      case "Concat" -> List.of(concat(node));
      case "Gather" -> gather(node);
      case "BiasAddV1" -> List.of(node.toBuilder().setOp("BiasAdd").build());
      case "Erfc" -> erfc(node);
      case "EnsureShape" -> ensureShape(node);
      case "PlaceholderWithDefault" -> List.of(identity(node, NodeDefs.type(node, "dtype")));
      case "IdentityN" -> identityN(node);
      case "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3" -> fused(node);
      case "BatchNormWithGlobalNormalization" -> global(node);
      default -> List.of();
    };
  }

  private static List<String> data(NodeDef node) {
    return node.getInputList().stream().filter(name -> !GraphIndex.isControl(name)).toList();
  }

  private static List<String> controls(NodeDef node) {
    return node.getInputList().stream().filter(GraphIndex::isControl).toList();
  }

  private static NodeDef identity(NodeDef node, DataType type) {
    return NodeDef.newBuilder()
        .setName(node.getName())
        .setOp("Identity")
        .addAllInput(node.getInputList())
        .putAttr("T", NodeDefs.type(type))
        .build();
  }

  private static NodeDef concat(NodeDef node) {
    List<String> inputs = data(node);
    return node.toBuilder()
        .setOp("ConcatV2")
        .clearInput()
        .addAllInput(inputs.subList(1, inputs.size()))
        .addInput(inputs.get(0))
        .addAllInput(controls(node))
        .putAttr("Tidx", NodeDefs.type(DataType.DT_INT32))
        .build();
  }

  /** The native gradient of convolutions forgets explicit paddings. */
  private List<NodeDef> padded(NodeDef node) {
    List<Long> paddings =
        node.getAttrOrDefault("explicit_paddings", AttrValue.getDefaultInstance())
            .getList()
            .getIList();
    if (paddings.isEmpty()) {
      return List.of();
    }
    String sizes = index.freshName(node.getName() + "/paddings");
    String padded = index.freshName(node.getName() + "/padded");
    return List.of(
        NodeDefs.constant(sizes, NodeDefs.ints(NodeDefs.shape(4, 2), paddings)),
        NodeDef.newBuilder()
            .setName(padded)
            .setOp("Pad")
            .addInput(node.getInput(0))
            .addInput(sizes)
            .putAttr("T", NodeDefs.type(NodeDefs.type(node, "T")))
            .putAttr("Tpaddings", NodeDefs.type(DataType.DT_INT32))
            .build(),
        node.toBuilder()
            .setInput(0, padded)
            .removeAttr("explicit_paddings")
            .putAttr(
                "padding", AttrValue.newBuilder().setS(ByteString.copyFromUtf8("VALID")).build())
            .build());
  }

  private List<NodeDef> gather(NodeDef node) {
    String axis = index.freshName(node.getName() + "/axis");
    return List.of(
        NodeDefs.constant(axis, NodeDefs.ints(NodeDefs.shape(), List.of(0))),
        NodeDef.newBuilder()
            .setName(node.getName())
            .setOp("GatherV2")
            .addAllInput(data(node))
            .addInput(axis)
            .addAllInput(controls(node))
            .putAttr("Tparams", NodeDefs.type(NodeDefs.type(node, "Tparams")))
            .putAttr("Tindices", NodeDefs.type(NodeDefs.type(node, "Tindices")))
            .putAttr("Taxis", NodeDefs.type(DataType.DT_INT32))
            .build());
  }

  private List<NodeDef> erfc(NodeDef node) {
    if (NodeDefs.type(node, "T") != DataType.DT_FLOAT) {
      return List.of();
    }
    String one = index.freshName(node.getName() + "/one");
    String erf = index.freshName(node.getName() + "/erf");
    return List.of(
        NodeDefs.constant(one, 1f),
        NodeDefs.floats(erf, "Erf", node.getInputList().toArray(String[]::new)).build(),
        NodeDefs.floats(node.getName(), "Sub", one, erf).build());
  }

  /** A Reshape keeps what the op says of the shape. */
  private List<NodeDef> ensureShape(NodeDef node) {
    List<Long> sizes =
        node.getAttrOrThrow("shape").getShape().getDimList().stream()
            .map(dim -> dim.getSize())
            .toList();
    boolean unknown = node.getAttrOrThrow("shape").getShape().getUnknownRank();
    if (unknown || sizes.stream().filter(size -> size < 0).count() > 1) {
      return List.of(identity(node, NodeDefs.type(node, "T")));
    }
    String shape = index.freshName(node.getName() + "/shape");
    return List.of(
        NodeDefs.constant(shape, NodeDefs.ints(sizes)),
        NodeDef.newBuilder()
            .setName(node.getName())
            .setOp("Reshape")
            .addAllInput(data(node))
            .addInput(shape)
            .addAllInput(controls(node))
            .putAttr("T", NodeDefs.type(NodeDefs.type(node, "T")))
            .putAttr("Tshape", NodeDefs.type(DataType.DT_INT32))
            .build());
  }

  private List<NodeDef> identityN(NodeDef node) {
    List<DataType> types = node.getAttrOrThrow("T").getList().getTypeList();
    List<String> inputs = data(node);
    return IntStream.range(0, inputs.size())
        .mapToObj(
            i -> {
              String name =
                  i == 0 ? node.getName() : index.freshName(node.getName() + "/output_" + i);
              renamed.put(node.getName() + ":" + i, name);
              return NodeDef.newBuilder()
                  .setName(name)
                  .setOp("Identity")
                  .addInput(inputs.get(i))
                  .addAllInput(controls(node))
                  .putAttr("T", NodeDefs.type(types.get(i)))
                  .build();
            })
        .toList();
  }

  private List<NodeDef> fused(NodeDef node) {
    if (NodeDefs.type(node, "T") != DataType.DT_FLOAT) {
      return List.of();
    }
    List<NodeDef> nodes = new ArrayList<>();
    NodeDef.Builder third =
        node.toBuilder().setOp("FusedBatchNormV3").putAttr("U", NodeDefs.type(DataType.DT_FLOAT));
    for (int i = 1; i < 5; i++) {
      third.setInput(i, own(node, node.getInput(i), nodes));
    }
    nodes.add(third.build());
    return nodes;
  }

  /** An input that is a constant of its own, for which a copy may be added to the nodes. */
  private String own(NodeDef node, String from, List<NodeDef> nodes) {
    Optional<NodeDef> constant = index.constant(from);
    if (constant.isEmpty()
        || (index.producer(from).equals(constant) && index.hasSingleReader(constant.get()))) {
      return from;
    }
    String name = index.freshName(node.getName() + "/" + constant.get().getName());
    nodes.add(constant.get().toBuilder().setName(name).build());
    return name;
  }

  private List<NodeDef> global(NodeDef node) {
    Optional<NodeDef> beta = index.constant(node.getInput(3));
    if (beta.isEmpty() || NodeDefs.type(node, "T") != DataType.DT_FLOAT) {
      return List.of();
    }
    List<NodeDef> nodes = new ArrayList<>();
    String gamma = node.getInput(4);
    if (node.getAttrOrThrow("scale_after_normalization").getB()) {
      gamma = own(node, gamma, nodes);
    } else {
      gamma = index.freshName(node.getName() + "/ones");
      nodes.add(
          NodeDefs.constant(
              gamma,
              TensorProto.newBuilder()
                  .setDtype(DataType.DT_FLOAT)
                  .setTensorShape(NodeDefs.value(beta.get()).getTensorShape())
                  .addFloatVal(1)
                  .build()));
    }
    String mean = own(node, node.getInput(1), nodes);
    String variance = own(node, node.getInput(2), nodes);
    String offset = own(node, node.getInput(3), nodes);
    nodes.add(
        ParameterNodes.batchNormalization(
            node.getName(),
            false,
            node.getAttrOrThrow("variance_epsilon").getF(),
            node.getInput(0),
            gamma,
            offset,
            mean,
            variance));
    return nodes;
  }
}

package dev.retrain.finetune.layers;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.LayerChain;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.finetune.network.Kernels;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * The blocks of a network. A block has at least one kernel, and ends with a node through which all
 * paths from the images to the last feature tensor lead. A depthwise convolution and what follows
 * it are one block. MobileNet v1 has 14 blocks: a convolution and 13 separable ones.
 *
 * <p>Where a vector is made of several layers, the blocks are those up to the last of them.
 */
public final class NetworkBlocks {
  private final GraphIndex index;
  private final LayerChain chain;
  private final List<String> ends;

  private NetworkBlocks(GraphIndex index, LayerChain chain) {
    this.index = index;
    this.chain = chain;
    ends = ends(index, chain);
  }

  /**
   * Finds the blocks.
   *
   * @param network a frozen network without cycles
   * @param input the tensor that accepts images
   * @param bottlenecks the feature tensors, in the form of {@link FeatureTensor}
   */
  public static NetworkBlocks find(GraphDef network, String input, List<String> bottlenecks) {
    GraphIndex index = new GraphIndex(network, Set.of());
    String last =
        FeatureTensor.tensors(bottlenecks).stream()
            .map(TensorNames::operation)
            .max(Comparator.comparingInt(name -> index.before(name).size()))
            .orElseThrow();
    // Sizes are no values of images.
    List<NodeDef> nodes =
        network.getNodeList().stream().filter(node -> !node.getOp().equals("Shape")).toList();
    return new NetworkBlocks(index, LayerChain.find(nodes, TensorNames.operation(input), last));
  }

  private static List<String> ends(GraphIndex index, LayerChain chain) {
    List<String> ends = new ArrayList<>();
    String end = null;
    boolean complete = false;
    for (NodeDef node : chain.nodes()) {
      boolean layer = !Kernels.of(index, node).isEmpty();
      if (layer && complete && end != null) {
        ends.add(end);
        end = null;
        complete = false;
      }
      complete |= layer && !Kernels.isDepthwise(node);
      if (complete && chain.separating().contains(node.getName())) {
        end = node.getName();
      }
    }
    if (chain.nodes().stream().anyMatch(node -> !Kernels.of(index, node).isEmpty())) {
      String last = chain.nodes().get(chain.nodes().size() - 1).getName();
      if (!complete && !ends.isEmpty()) {
        // A depthwise convolution at the end belongs to the block before it.
        ends.remove(ends.size() - 1);
      }
      ends.add(last);
    }
    return List.copyOf(ends);
  }

  /** Number of blocks. */
  public int count() {
    return ends.size();
  }

  /** The name of the last node of each block, from the images on. */
  public List<String> ends() {
    return ends;
  }

  /**
   * Number of blocks that are trained.
   *
   * @throws RetrainException if the network does not have these layers
   */
  public int trained(FineTuneLayers layers) {
    if (layers instanceof FineTuneLayers.Default) {
      return Math.max(Math.min(1, count()), count() * 3 / 4);
    }
    if (layers instanceof FineTuneLayers.LastBlocks last) {
      if (last.count() > count()) {
        throw new InvalidSettingException(
            Setting.FINE_TUNE_LAYERS,
            "must be at most %d, the number of blocks of the network, but is %d",
            count(),
            last.count());
      }
      return last.count();
    }
    if (layers instanceof FineTuneLayers.From) {
      Set<String> fixed = fixed(layers);
      return (int) ends.stream().filter(end -> !fixed.contains(end)).count();
    }
    return count();
  }

  /**
   * The names of the nodes that are not trained: all on which the first trained block depends.
   *
   * @throws InvalidSettingException if the network has fewer blocks
   * @throws RetrainException if it has no such tensor
   */
  public Set<String> fixed(FineTuneLayers layers) {
    if (layers instanceof FineTuneLayers.From from) {
      return from(from.tensor());
    }
    int first = count() - trained(layers);
    return first == 0 ? Set.of() : index.before(ends.get(first - 1));
  }

  /**
   * The node before the first trained layer, through which all paths to it lead.
   *
   * @return absent if all layers are trained, or there is no such node
   */
  public Optional<String> cut(FineTuneLayers layers) {
    Set<String> fixed = fixed(layers);
    if (fixed.isEmpty()) {
      return Optional.empty();
    }
    String cut =
        layers instanceof FineTuneLayers.From from
            ? TensorNames.operation(from.tensor())
            : ends.get(count() - trained(layers) - 1);
    return Optional.of(cut).filter(name -> isOnlySource(name, fixed));
  }

  /** Whether all that the other nodes read of the fixed ones is a node's first output. */
  private boolean isOnlySource(String cut, Set<String> fixed) {
    return index.nodes().stream()
        .filter(node -> !fixed.contains(node.getName()))
        .flatMap(node -> node.getInputList().stream())
        .allMatch(
            read ->
                !fixed.contains(GraphIndex.operation(read))
                    || read.equals(cut)
                    || read.equals(cut + ":0")
                    || isConstant(GraphIndex.operation(read)));
  }

  private boolean isConstant(String name) {
    return index.node(name).filter(node -> node.getOp().equals("Const")).isPresent();
  }

  private Set<String> from(String tensor) {
    String name = TensorNames.operation(tensor);
    if (ends.isEmpty()) {
      throw new RetrainException("The network has no convolutions or dense layers to train.");
    }
    if (chain.nodes().stream().noneMatch(node -> node.getName().equals(name))
        || !isOutput(tensor)) {
      throw new RetrainException(
          "The network has no tensor '%s' between its images and its features. Set %s to one such"
              + " as '%s'.",
          tensor, Setting.FINE_TUNE_FROM, ends.get(ends.size() / 2) + ":0");
    }
    Set<String> fixed = index.before(name);
    boolean trained =
        chain.nodes().stream()
            .filter(node -> !fixed.contains(node.getName()))
            .anyMatch(node -> !Kernels.of(index, node).isEmpty());
    if (!trained) {
      throw new RetrainException(
          "No layer with a kernel follows tensor '%s'. Set %s to one nearer to the images, such as"
              + " '%s'.",
          tensor,
          Setting.FINE_TUNE_FROM,
          (ends.size() > 1 ? ends.get(ends.size() - 2) : chain.nodes().get(0).getName()) + ":0");
    }
    return fixed;
  }

  /** Whether a tensor is the first output of a node, or another one that is used. */
  private boolean isOutput(String tensor) {
    return tensor.equals(TensorNames.operation(tensor))
        || tensor.equals(TensorNames.operation(tensor) + ":0")
        || index.nodes().stream().anyMatch(node -> node.getInputList().contains(tensor));
  }
}

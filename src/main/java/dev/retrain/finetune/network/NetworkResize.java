package dev.retrain.finetune.network;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.backbone.graph.ConstantValues;
import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.FrozenGraph;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.ErrorText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.RunWatchdog;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.Setting;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/**
 * Changes the size of the images that a network takes. Convolutions take any size; a pooling over
 * all positions of the original size becomes one over all positions of any size.
 */
public final class NetworkResize {
  private static final Set<String> RESIZES =
      Set.of(
          "ResizeArea",
          "ResizeBicubic",
          "ResizeBilinear",
          "ResizeNearestNeighbor",
          "ScaleAndTranslate");

  private static final Set<String> POOLINGS = Set.of("AvgPool", "MaxPool", "MaxPoolV2");

  /** TensorFlow's messages name the node that failed. */
  private static final Pattern NODE = Pattern.compile("\\{\\{node ([^}]+)\\}\\}");

  private final Backbone backbone;
  private final int height;
  private final int width;

  private NetworkResize(Backbone backbone, int height, int width) {
    this.backbone = backbone;
    this.height = height;
    this.width = width;
  }

  /**
   * A backbone for images of another size. Its vectors have the same length.
   *
   * @param backbone a backbone whose preprocessing has the network's own size
   * @param height pixels
   * @param width pixels
   * @return the backbone with the changed graph, and preprocessing of this size; the same object if
   *     it has this size
   * @throws RetrainException if the network can't be changed to this size, or its graph is refused
   */
  public static Backbone resize(Backbone backbone, int height, int width) {
    Preprocessing own = backbone.preprocessing();
    return own.height() == height && own.width() == width
        ? backbone
        : new NetworkResize(backbone, height, width).resize();
  }

  private Backbone resize() {
    int length;
    try (BackboneGraph original = new BackboneGraph(backbone)) {
      // The guard has accepted the graph.
      length = length(original, backbone);
    }
    Backbone resized = with(changed());
    try (BackboneGraph graph = new BackboneGraph(resized)) {
      if (length(graph, resized) != length) {
        throw refusal("its vectors would have a different length");
      }
    } catch (RetrainException e) {
      if (e.getCause() != null && NODE.matcher(e.getCause().getMessage()).find()) {
        throw refusal(e.getCause());
      }
      throw e;
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw refusal(e);
    }
    return resized;
  }

  /** The length of vectors, from an image of zeros; 0 if they are not one for an image. */
  private static int length(BackboneGraph graph, Backbone backbone) {
    Preprocessing size = backbone.preprocessing();
    try (Session session = new Session(graph.graph(), SessionConfigs.SINGLE_THREADED);
        TFloat32 zeros = TFloat32.tensorOf(Shape.of(1, size.height(), size.width(), 3));
        Result result =
            RunWatchdog.watch(
                "Backbone " + backbone.name(),
                () -> session.runner().feed(backbone.input(), zeros).fetch(graph.vector()).run())) {
      Shape shape = result.get(0).shape();
      return shape.get(0) == 1 ? Math.toIntExact(shape.size()) : 0;
    }
  }

  private Backbone with(GraphDef graph) {
    FrozenGraph frozen = new FrozenGraph(graph, backbone.frozen().isTrusted());
    return backbone
        .with(backbone.frozen().needsProbe() ? frozen.asForeign() : frozen)
        .with(backbone.preprocessing().withSize(height, width));
  }

  private GraphDef changed() {
    Preprocessing own = backbone.preprocessing();
    GraphDef original =
        GraphPruner.keep(
            withInput(1, own.height(), own.width()), FeatureTensor.tensors(backbone.bottlenecks()));
    NetworkShapes shapes = NetworkShapes.infer(original);
    checkNotResized(original, shapes);
    GraphDef graph = withInput(-1, height, width);
    GraphIndex index = new GraphIndex(graph, Set.of());
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      if (coversAll(node, index, shapes)) {
        replacements.put(node.getName(), pooling(index, node));
      }
    }
    return index.with(replacements);
  }

  /** The graph with a placeholder of this size in place of the input. */
  private GraphDef withInput(int count, int rows, int columns) {
    String name = TensorNames.operation(backbone.input());
    return new GraphIndex(backbone.graph(), Set.of())
        .with(Map.of(name, List.of(NodeDefs.placeholder(name, count, rows, columns, 3))));
  }

  /** A network that resizes images itself computes as much at any size. */
  private void checkNotResized(GraphDef graph, NetworkShapes shapes) {
    Set<String> prepared = new HashSet<>(Set.of(TensorNames.operation(backbone.input())));
    for (NodeDef node : graph.getNodeList()) {
      boolean image =
          node.getInputCount() > 0
              && prepared.contains(GraphIndex.operation(node.getInput(0)))
              && shapes.of(node.getName()).size() == 4
              && shapes.of(node.getName()).get(3) == 3;
      if (image && RESIZES.contains(node.getOp())) {
        List<Long> size = shapes.of(node.getName());
        throw refusal(
            "node '%s' resizes images to %s x %s"
                .formatted(node.getName(), size.get(1), size.get(2)));
      }
      if (image) {
        prepared.add(node.getName());
      }
    }
  }

  private static boolean coversAll(NodeDef node, GraphIndex index, NetworkShapes shapes) {
    if (!POOLINGS.contains(node.getOp()) || !NodeDefs.channelsLast(node)) {
      return false;
    }
    List<Long> in = shapes.of(GraphIndex.operation(node.getInput(0)));
    List<Long> out = shapes.of(node.getName());
    List<Long> kernel = kernel(node, index);
    // A pooling that no feature depends on has no shape.
    return in.size() == 4
        && out.size() == 4
        && in.subList(1, 3).equals(kernel.subList(1, 3))
        && out.subList(1, 3).equals(List.of(1L, 1L))
        && !in.subList(1, 3).equals(List.of(1L, 1L));
  }

  /** The sizes of a pooling's kernel; zeros if it computes them. */
  private static List<Long> kernel(NodeDef node, GraphIndex index) {
    return node.getOp().equals("MaxPoolV2")
        ? index
            .skipIdentities(node.getInput(1))
            .filter(source -> source.getOp().equals("Const"))
            .flatMap(ConstantValues::read)
            .map(sizes -> Arrays.stream(sizes).mapToObj(size -> (long) size).toList())
            .orElse(List.of(0L, 0L, 0L, 0L))
        : node.getAttrOrThrow("ksize").getList().getIList();
  }

  private static List<NodeDef> pooling(GraphIndex index, NodeDef node) {
    String positions = index.freshName(node.getName() + "/positions");
    return List.of(
        NodeDefs.constant(positions, NodeDefs.ints(List.of(1, 2))),
        NodeDef.newBuilder()
            .setName(node.getName())
            .setOp(node.getOp().equals("AvgPool") ? "Mean" : "Max")
            .addInput(node.getInput(0))
            .addInput(positions)
            .addAllInput(node.getInputList().stream().filter(GraphIndex::isControl).toList())
            .putAttr("T", NodeDefs.type(NodeDefs.type(node, "T")))
            .putAttr("Tidx", NodeDefs.type(DataType.DT_INT32))
            .putAttr("keep_dims", AttrValue.newBuilder().setB(true).build())
            .build());
  }

  private RetrainException refusal(Throwable e) {
    Matcher matcher = NODE.matcher(e.getMessage());
    Optional<NodeDef> node =
        matcher.find()
            ? backbone.graph().getNodeList().stream()
                .filter(one -> one.getName().equals(matcher.group(1)))
                .findFirst()
            : Optional.empty();
    return refusal(
        node.map(
                one ->
                    "node '%s' (%s) works only at the original size"
                        .formatted(one.getName(), one.getOp()))
            .orElseGet(() -> ErrorText.firstLine(e)));
  }

  private RetrainException refusal(String reason) {
    return new RetrainException(
        "Network %s can't be changed to images of %d x %d pixels (its own size is %d x %d): %s. Omit %s.",
        backbone.name(),
        height,
        width,
        backbone.preprocessing().height(),
        backbone.preprocessing().width(),
        reason,
        Setting.TRAIN_SIZE);
  }
}

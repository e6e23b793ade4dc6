package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;

/**
 * Finds the layers of a network whose features make longer vectors: of each size of feature maps,
 * the last one that separates the input from the feature tensor, so that it holds all that later
 * layers know of the image.
 *
 * @param file name of the network in messages
 * @param nodes the network
 * @param input the tensor that accepts images
 * @param last its feature tensor
 * @param shapes the shapes of its tensors
 */
record FeatureLayers(
    String file, NetworkNodes nodes, String input, String last, LayerShapes shapes) {
  /** The largest feature maps know little but colors and edges. */
  private static final int MAX_LAYERS = 4;

  private static final int MIN_SIZE = 2;
  private static final int RANK = 4;

  /** Ops whose values are those of another layer, at another size or in another order. */
  private static final Set<String> NO_LAYERS =
      Set.of("Pad", "PadV2", "MirrorPad", "SpaceToBatchND", "Shape", "Cast", "Identity");

  /**
   * Finds the layers.
   *
   * @param set {@link FeatureSet#MULTI} or {@link FeatureSet#GRID}
   * @return feature tensors, the first layer first
   * @throws RetrainException if the network has fewer than two sizes of feature maps
   */
  List<String> find(FeatureSet set) {
    List<String> maps = featureMaps();
    if (maps.size() < 2) {
      throw new RetrainException(
          "%s has no layers of several sizes that %s could be made of. Set it to last, or set %s to"
              + " the tensors that hold the features.",
          file, Setting.FEATURES, Setting.BOTTLENECK_TENSOR);
    }
    if (set == FeatureSet.GRID) {
      return maps.stream().map(tensor -> tensor + "@2x2").toList();
    }
    // The last layer is what the feature tensor pools.
    List<String> layers = new ArrayList<>(maps.subList(0, maps.size() - 1));
    layers.add(last);
    return layers;
  }

  private List<String> featureMaps() {
    Map<Long, String> bySize = new LinkedHashMap<>();
    long largest = shapes.of(input).numDimensions() == RANK ? shapes.of(input).get(1) : 0;
    for (String name : separators()) {
      Shape shape = shapes.of(name);
      boolean isMap =
          shape.numDimensions() == RANK
              && shape.get(1) >= MIN_SIZE
              && shape.get(2) >= MIN_SIZE
              && shape.get(3) >= FeatureInference.MIN_LENGTH
              && shape.get(1) < largest;
      if (isMap && !NO_LAYERS.contains(nodes.producer(name).orElseThrow().getOp())) {
        bySize.put(shape.get(1), name + ":0");
      }
    }
    List<String> maps = List.copyOf(bySize.values());
    return maps.subList(Math.max(0, maps.size() - MAX_LAYERS), maps.size());
  }

  /** The nodes on every path from the input to the feature tensor, nearest to the input first. */
  private List<String> separators() {
    List<String> order = order();
    Map<String, BigInteger> before = new HashMap<>(Map.of(operation(input), BigInteger.ONE));
    for (String name : order) {
      BigInteger paths = before.getOrDefault(name, BigInteger.ZERO);
      for (NodeDef reader : nodes.readers(name)) {
        before.merge(reader.getName(), paths.multiply(edges(reader, name)), BigInteger::add);
      }
    }
    Map<String, BigInteger> after = new HashMap<>(Map.of(operation(last), BigInteger.ONE));
    for (int i = order.size() - 1; i >= 0; i--) {
      for (NodeDef reader : nodes.readers(order.get(i))) {
        BigInteger paths = after.getOrDefault(reader.getName(), BigInteger.ZERO);
        after.merge(order.get(i), paths.multiply(edges(reader, order.get(i))), BigInteger::add);
      }
    }
    BigInteger all = before.getOrDefault(operation(last), BigInteger.ZERO);
    if (all.signum() == 0) {
      return List.of();
    }
    return order.stream()
        .filter(name -> after.containsKey(name))
        .filter(name -> before.get(name).multiply(after.get(name)).equals(all))
        .toList();
  }

  private static BigInteger edges(NodeDef reader, String name) {
    return BigInteger.valueOf(
        reader.getInputList().stream()
            .filter(input -> !GraphIndex.isControl(input))
            .filter(input -> GraphIndex.operation(input).equals(name))
            .count());
  }

  /** The nodes between the input and the feature tensor, each after those it reads. */
  private List<String> order() {
    Set<String> reached = nodes.dependingOn(List.of(operation(input)));
    Set<String> needed = new HashSet<>();
    List<String> open = new ArrayList<>(List.of(operation(last)));
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      // A network's shape arithmetic depends on the image's size only.
      if (reached.contains(name) && !isShape(name) && needed.add(name)) {
        nodes.producer(name).orElseThrow().getInputList().stream()
            .filter(next -> !name.equals(operation(input)) && !GraphIndex.isControl(next))
            .map(GraphIndex::operation)
            .forEach(open::add);
      }
    }
    Map<String, Long> missing = new HashMap<>();
    for (String name : needed) {
      missing.put(
          name,
          nodes.producer(name).orElseThrow().getInputList().stream()
              .filter(next -> !GraphIndex.isControl(next))
              .map(GraphIndex::operation)
              .filter(next -> needed.contains(next) && !name.equals(operation(input)))
              .distinct()
              .count());
    }
    return sorted(needed, missing);
  }

  private List<String> sorted(Set<String> needed, Map<String, Long> missing) {
    List<String> order = new ArrayList<>();
    List<String> ready = new ArrayList<>(List.of(operation(input)));
    for (int i = 0; i < ready.size(); i++) {
      order.add(ready.get(i));
      for (NodeDef reader : nodes.readers(ready.get(i))) {
        if (needed.contains(reader.getName())
            && missing.merge(reader.getName(), -1L, Long::sum) == 0) {
          ready.add(reader.getName());
        }
      }
    }
    return order;
  }

  private boolean isShape(String name) {
    return nodes.producer(name).filter(node -> node.getOp().equals("Shape")).isPresent();
  }

  private static String operation(String tensor) {
    return TensorNames.operation(tensor);
  }
}

package dev.retrain.backbone.describe;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.signature.GraphSignature.Size;
import dev.retrain.util.ErrorText;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The shapes and types that TensorFlow infers for one image when it imports a graph.
 *
 * @param tensors the first output of each operation, by its name
 * @param problem why there are none
 */
record StaticShapes(Map<String, TensorDescription> tensors, Optional<String> problem) {
  static StaticShapes none(String problem) {
    return new StaticShapes(Map.of(), Optional.of(problem));
  }

  /**
   * Imports a graph, which must have passed the guard.
   *
   * @param size the size of images where the graph leaves it open
   */
  static StaticShapes infer(GraphDef graph, Optional<Size> size) {
    GraphDef.Builder sized = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      sized.addNode(node.getOp().equals("Placeholder") ? forOneImage(node, size) : node);
    }
    try (Graph imported = TensorFlowRuntime.newGraph()) {
      imported.importGraphDef(sized.build());
      Map<String, TensorDescription> tensors = new HashMap<>();
      Iterator<GraphOperation> operations = imported.operations();
      while (operations.hasNext()) {
        GraphOperation operation = operations.next();
        if (operation.numOutputs() > 0) {
          String name = operation.name() + ":0";
          tensors.put(
              operation.name(),
              TensorDescription.of(
                  name, operation.output(0).dataType(), sizes(operation.output(0).shape())));
        }
      }
      return new StaticShapes(tensors, Optional.empty());
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      return none("TensorFlow can't load the graph: " + ErrorText.firstLine(e));
    }
  }

  private static Optional<List<Long>> sizes(Shape shape) {
    if (shape.isUnknown()) {
      return Optional.empty();
    }
    List<Long> sizes = new ArrayList<>();
    for (long size : shape.asArray()) {
      sizes.add(size);
    }
    return Optional.of(sizes);
  }

  private static NodeDef forOneImage(NodeDef placeholder, Optional<Size> size) {
    AttrValue shape = placeholder.getAttrMap().get("shape");
    if (shape == null || shape.getShape().getDimCount() != 4) {
      return placeholder;
    }
    List<Long> sizes = TensorDescription.shape(shape.getShape()).orElseThrow();
    TensorShapeProto one =
        NodeDefs.shape(
            1,
            sizes.get(1) < 0 ? size.map(Size::height).orElse(-1) : sizes.get(1),
            sizes.get(2) < 0 ? size.map(Size::width).orElse(-1) : sizes.get(2),
            sizes.get(3));
    return placeholder.toBuilder()
        .putAttr("shape", AttrValue.newBuilder().setShape(one).build())
        .build();
  }

  Optional<List<Long>> shape(String operation) {
    return Optional.ofNullable(tensors.get(operation)).flatMap(TensorDescription::shape);
  }

  /** The number of values; absent if a size is unknown. */
  Optional<Long> elements(String operation) {
    return shape(operation)
        .filter(sizes -> sizes.stream().noneMatch(size -> size < 0))
        .map(sizes -> sizes.stream().reduce(1L, (a, b) -> a * b));
  }

  /** The first output of an operation for any number of images. */
  TensorDescription forBatch(String operation) {
    TensorDescription one =
        tensors.getOrDefault(
            operation, new TensorDescription(operation + ":0", "?", Optional.empty()));
    return new TensorDescription(one.name(), one.type(), one.shape().map(StaticShapes::anyBatch));
  }

  private static List<Long> anyBatch(List<Long> sizes) {
    if (sizes.isEmpty() || sizes.get(0) != 1) {
      return sizes;
    }
    List<Long> open = new ArrayList<>(sizes);
    open.set(0, -1L);
    return open;
  }
}

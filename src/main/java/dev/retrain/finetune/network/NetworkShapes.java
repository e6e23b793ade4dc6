package dev.retrain.finetune.network;

import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.proto.GraphDef;

/**
 * The shapes that TensorFlow infers for a network.
 *
 * @param shapes sizes of the first output of each operation, by its name; a size is -1 if it is
 *     unknown, and a tensor of unknown rank is absent
 */
public record NetworkShapes(Map<String, List<Long>> shapes) {
  public NetworkShapes {
    shapes = Map.copyOf(shapes);
  }

  /**
   * Imports a graph.
   *
   * @param graph a graph that the guard has accepted
   * @throws org.tensorflow.exceptions.TensorFlowException if shapes don't fit
   */
  public static NetworkShapes infer(GraphDef graph) {
    Map<String, List<Long>> shapes = new HashMap<>();
    try (Graph imported = TensorFlowRuntime.newGraph()) {
      imported.importGraphDef(graph);
      Iterator<GraphOperation> operations = imported.operations();
      while (operations.hasNext()) {
        GraphOperation operation = operations.next();
        if (operation.numOutputs() > 0 && !operation.output(0).shape().isUnknown()) {
          List<Long> sizes = new ArrayList<>();
          for (long size : operation.output(0).shape().asArray()) {
            sizes.add(size);
          }
          shapes.put(operation.name(), List.copyOf(sizes));
        }
      }
    }
    return new NetworkShapes(shapes);
  }

  /** The sizes of an operation's first output; empty for a scalar and an unknown rank. */
  public List<Long> of(String operation) {
    return shapes.getOrDefault(operation, List.of());
  }
}

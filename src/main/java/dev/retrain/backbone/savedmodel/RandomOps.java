package dev.retrain.backbone.savedmodel;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.util.RetrainException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Refuses networks whose vectors depend on random numbers. */
final class RandomOps {
  private static final Pattern RANDOM =
      Pattern.compile(".*Random(?!.*Dataset).*|.*TruncatedNormal.*|.*Multinomial.*");

  private RandomOps() {}

  /**
   * Checks a graph.
   *
   * @throws RetrainException if a node draws random numbers
   */
  static void check(String file, GraphDef graph) {
    List<NodeDef> nodes = new ArrayList<>(graph.getNodeList());
    graph.getLibrary().getFunctionList().forEach(f -> nodes.addAll(f.getNodeDefList()));
    for (NodeDef node : nodes) {
      if (RANDOM.matcher(node.getOp()).matches()) {
        throw new RetrainException(
            "SavedModel %s can't be used: it was exported in training mode, and its vectors depend on"
                + " chance: op '%s' (node '%s') draws random numbers. Export it for inference, in Keras"
                + " by ExportArchive.add_endpoint with a function that calls the model with"
                + " training=False.",
            file, SafeText.quote(node.getOp()), SafeText.quote(node.getName()));
      }
    }
  }
}

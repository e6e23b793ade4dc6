package dev.retrain.finetune.input;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.TensorFlowRuntime;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The inputs of a graph: images as bytes, and how each of them is distorted. The graph distorts and
 * normalizes the images and computes the network on the result. {@link ImageTensors} feeds it.
 *
 * @param preprocessing size and normalization of the images
 * @param stages how they are distorted
 */
public record BatchInputs(Preprocessing preprocessing, Set<DistortionStage> stages)
    implements NetworkInputs {
  /** Scope of the added operations: no network has such names. */
  private static final String SCOPE = "fine_tuning_batch";

  /** [m, height, width, 3] uint8. */
  static final String IMAGES = SCOPE + "/images";

  /** [m, numbers] float32. */
  static final String DISTORTIONS = SCOPE + "/distortions";

  /** [n, height, width, 3] float32: the distorted images, 0 to 255. */
  public static final String DISTORTED = SCOPE + "/distorted";

  private static final String NORMALIZED = SCOPE + "/normalized";

  public BatchInputs {
    stages = Set.copyOf(stages);
  }

  @Override
  public GraphDef connect(GraphDef network, String input) {
    GraphDef.Builder connected = network.toBuilder().clearNode();
    connected.addAllNode(graph().getNodeList());
    String name = TensorNames.operation(input);
    for (NodeDef node : network.getNodeList()) {
      connected.addNode(
          node.getName().equals(name)
              ? NodeDefs.floats(name, "Identity", NORMALIZED).build()
              : node);
    }
    return connected.build();
  }

  /** The inputs alone. */
  public GraphDef graph() {
    int height = preprocessing.height();
    int width = preprocessing.width();
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Ops tf = Ops.create(graph).withSubScope(SCOPE);
      Operand<TUint8> images =
          tf.withName("images")
              .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, height, width, 3)));
      Operand<TFloat32> numbers =
          tf.withName("distortions")
              .placeholder(
                  TFloat32.class,
                  Placeholder.shape(Shape.of(-1, DistortionStage.identity(stages).length)));
      Operand<TFloat32> distorted =
          tf.withName("distorted")
              .reshape(
                  new DistortionOps(tf, numbers, stages, height, width).distort(images),
                  tf.constant(new int[] {-1, height, width, 3}));
      tf.withName("normalized").identity(preprocessing.scale(tf, distorted));
      return graph.toGraphDef();
    }
  }
}

package dev.retrain.finetune.graph;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.ImageProjectiveTransformV3;
import org.tensorflow.op.math.Mean;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * The inputs of a training graph: images as bytes, and how each of them is distorted. The
 * operations move, color, mix and scale the images, in this order, and put the result in place of
 * the network's placeholder.
 */
final class BatchInputs {
  /** [n, height, width, 3] uint8. */
  static final String IMAGES = "batch_images";

  /** [n, 8]: the projective transformation from output to input coordinates. */
  static final String TRANSFORMS = "batch_transforms";

  /** [n, 3]: factors of brightness, contrast and saturation. */
  static final String COLORS = "batch_colors";

  /** [n, 4]: top, left, bottom and right of the erased rectangle, as fractions of the image. */
  static final String ERASED = "batch_erased";

  /** [n]: index of the image that is mixed with this one. */
  static final String PARTNERS = "batch_partners";

  /** [n]: weight of the image itself in the mixture. */
  static final String WEIGHTS = "batch_weights";

  private static final String SCALED = "batch_scaled";

  private BatchInputs() {}

  /**
   * Connects the inputs to a network.
   *
   * @param network a network
   * @param input its placeholder, {@code name:index}
   * @param preprocessing size and scale of the images
   * @return the network with these inputs
   */
  static GraphDef connect(GraphDef network, String input, Preprocessing preprocessing) {
    GraphDef.Builder connected = network.toBuilder().clearNode();
    build(preprocessing).getNodeList().forEach(node -> connected.addNode(renamed(node)));
    String name = TensorNames.operation(input);
    for (NodeDef node : network.getNodeList()) {
      connected.addNode(
          node.getName().equals(name) ? NodeDefs.floats(name, "Identity", SCALED).build() : node);
    }
    return connected.build();
  }

  /** With a name that no network has. */
  private static NodeDef renamed(NodeDef node) {
    NodeDef.Builder renamed = node.toBuilder().setName(renamed(node.getName())).clearInput();
    node.getInputList().forEach(name -> renamed.addInput(renamed(name)));
    return renamed.build();
  }

  private static String renamed(String name) {
    return name.startsWith("batch_") ? name : "batch_inputs/" + name;
  }

  private static GraphDef build(Preprocessing preprocessing) {
    int height = preprocessing.height();
    int width = preprocessing.width();
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Ops tf = Ops.create(graph);
      Operand<TUint8> images =
          tf.withName(IMAGES)
              .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, height, width, 3)));
      Operand<TFloat32> moved =
          tf.image.imageProjectiveTransformV3(
              tf.dtypes.cast(images, TFloat32.class),
              floats(tf, TRANSFORMS, Shape.of(-1, 8)),
              tf.constant(new int[] {height, width}),
              tf.constant(0f),
              "BILINEAR",
              ImageProjectiveTransformV3.fillMode("REFLECT"));
      Operand<TFloat32> scaled =
          preprocessing.scale(tf, color(tf, moved, floats(tf, COLORS, Shape.of(-1, 3))));
      tf.withName(SCALED).identity(mix(tf, erase(tf, scaled, height, width)));
      return graph.toGraphDef();
    }
  }

  private static Operand<TFloat32> floats(Ops tf, String name, Shape shape) {
    return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  private static Operand<TFloat32> color(
      Ops tf, Operand<TFloat32> images, Operand<TFloat32> colors) {
    var factors =
        tf.split(tf.constant(3), tf.reshape(colors, tf.constant(new int[] {-1, 1, 1, 3})), 3L)
            .output();
    Operand<TFloat32> bright = tf.math.mul(images, factors.get(0));
    Operand<TFloat32> mean =
        tf.math.mean(bright, tf.constant(new int[] {1, 2, 3}), Mean.keepDims(true));
    Operand<TFloat32> contrasted = between(tf, mean, bright, factors.get(1));
    Operand<TFloat32> gray =
        tf.math.mean(contrasted, tf.constant(new int[] {3}), Mean.keepDims(true));
    Operand<TFloat32> saturated = between(tf, gray, contrasted, factors.get(2));
    return tf.clipByValue(saturated, tf.constant(0f), tf.constant(255f));
  }

  /** {@code from + (to - from) * factor}. */
  private static Operand<TFloat32> between(
      Ops tf, Operand<TFloat32> from, Operand<TFloat32> to, Operand<TFloat32> factor) {
    return tf.math.add(from, tf.math.mul(tf.math.sub(to, from), factor));
  }

  /** Sets a rectangle to 0, the middle of the scaled values. */
  private static Operand<TFloat32> erase(Ops tf, Operand<TFloat32> images, int height, int width) {
    var sides =
        tf.split(
                tf.constant(3),
                tf.reshape(
                    floats(tf, ERASED, Shape.of(-1, 4)), tf.constant(new int[] {-1, 1, 1, 4})),
                4L)
            .output();
    Operand<TFloat32> rows = fractions(tf, height, Shape.of(1, height, 1, 1));
    Operand<TFloat32> columns = fractions(tf, width, Shape.of(1, 1, width, 1));
    var inside =
        tf.math.logicalAnd(
            tf.math.logicalAnd(
                tf.math.greaterEqual(rows, sides.get(0)), tf.math.less(rows, sides.get(2))),
            tf.math.logicalAnd(
                tf.math.greaterEqual(columns, sides.get(1)), tf.math.less(columns, sides.get(3))));
    return tf.math.mul(images, tf.dtypes.cast(tf.math.logicalNot(inside), TFloat32.class));
  }

  /** The centers of {@code count} pixels as fractions of the whole. */
  private static Operand<TFloat32> fractions(Ops tf, int count, Shape shape) {
    float[] centers = new float[count];
    for (int i = 0; i < count; i++) {
      centers[i] = (i + 0.5f) / count;
    }
    return tf.reshape(tf.constant(centers), tf.constant(shape.asArray()));
  }

  /** Mixes each image with another one (H. Zhang et al., mixup, 2018). */
  private static Operand<TFloat32> mix(Ops tf, Operand<TFloat32> images) {
    Operand<TInt32> partners =
        tf.withName(PARTNERS).placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    Operand<TFloat32> weights =
        tf.reshape(floats(tf, WEIGHTS, Shape.of(-1)), tf.constant(new int[] {-1, 1, 1, 1}));
    return between(tf, tf.gather(images, partners, tf.constant(0)), images, weights);
  }
}

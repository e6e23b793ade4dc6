package dev.retrain.testing;

import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** Builds small frozen graphs. */
public final class Graphs {
  private Graphs() {}

  public static GraphDef of(Consumer<Ops> nodes) {
    try (Graph graph = new Graph()) {
      nodes.accept(Ops.create(graph));
      return graph.toGraphDef();
    }
  }

  /** Like {@link #of}; two underscores in names stand for the slash after a scope. */
  public static GraphDef ofScoped(Consumer<Ops> nodes) {
    GraphDef.Builder graph = of(nodes).toBuilder();
    for (NodeDef.Builder node : graph.getNodeBuilderList()) {
      node.setName(node.getName().replace("__", "/"));
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, node.getInput(i).replace("__", "/"));
      }
    }
    return graph.build();
  }

  public static Placeholder<TFloat32> images(Ops tf, String name, long height, long width) {
    return tf.withName(name)
        .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, height, width, 3)));
  }

  /** Repeats the channels of images, so that their averages are a vector of 9 floats. */
  public static Operand<TFloat32> wide(Ops tf, Operand<TFloat32> x) {
    return tf.concat(List.of(x, x, x), tf.constant(3));
  }

  /** Averages over whole images of this size. */
  public static Operand<TFloat32> pool(
      Ops tf, String name, Operand<TFloat32> x, long height, long width) {
    return tf.withName(name).nn.avgPool(x, List.of(1L, height, width, 1L), strides(), "VALID");
  }

  private static List<Long> strides() {
    return List.of(1L, 1L, 1L, 1L);
  }

  /** A backbone whose feature vector is the mean of red, green and blue after a Relu. */
  public static GraphDef meanColour(long height, long width) {
    return of(
        tf ->
            pool(
                tf,
                "pool",
                tf.withName("relu").nn.relu(images(tf, "images", height, width)),
                height,
                width));
  }
}

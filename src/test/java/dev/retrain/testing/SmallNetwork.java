package dev.retrain.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/** A convolutional network with random weights: three layers, 16 features. */
public final class SmallNetwork {
  /** Height and width of its images. */
  public static final int SIZE = 32;

  private SmallNetwork() {}

  public static GraphDef graph() {
    return graph(SIZE);
  }

  /** The same for images of another size. */
  public static GraphDef graph(int size) {
    Random random = new Random(4);
    return Graphs.of(
        tf -> {
          Operand<TFloat32> x = Graphs.images(tf, "images", size, size);
          x = layer(tf, random, "first", x, 3, 8);
          x = layer(tf, random, "second", x, 8, 16);
          x = layer(tf, random, "third", x, 16, 16);
          tf.withName("features").math.mean(x, tf.constant(new int[] {1, 2}));
        });
  }

  /** Writes the graph. */
  public static Path write(Path file) throws IOException {
    return Files.write(file, graph().toByteArray());
  }

  private static Operand<TFloat32> layer(
      Ops tf, Random random, String name, Operand<TFloat32> x, int inputs, int outputs) {
    Operand<TFloat32> convolution =
        tf.withName(name + "_convolution")
            .nn
            .conv2d(
                x,
                constant(
                    tf,
                    random,
                    name + "_kernel",
                    Math.sqrt(2.0 / (9 * inputs)),
                    Shape.of(3, 3, inputs, outputs)),
                List.of(1L, 2L, 2L, 1L),
                "SAME");
    return tf.withName(name)
        .nn
        .relu(
            tf.withName(name + "_add")
                .nn
                .biasAdd(
                    convolution, constant(tf, random, name + "_bias", 0.1, Shape.of(outputs))));
  }

  private static Operand<TFloat32> constant(
      Ops tf, Random random, String name, double scale, Shape shape) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return tf.withName(name).constant(shape, DataBuffers.of(values));
  }
}

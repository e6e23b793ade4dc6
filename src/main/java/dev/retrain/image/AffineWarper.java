package dev.retrain.image;

import dev.retrain.util.TensorFlowRuntime;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.image.ImageProjectiveTransformV3;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Creates PNG files of warped images. Pixels are interpolated bilinearly; points outside of the
 * image have the value of the nearest edge pixel. Owns the graph.
 *
 * <p>Thread-safe.
 */
public final class AffineWarper implements AutoCloseable {
  private final Graph graph;
  private final Session session;
  private final Output<TUint8> pixels;
  private final Output<TFloat32> transform;
  private final Output<TString> png;

  public AffineWarper() {
    graph = TensorFlowRuntime.newGraph();
    try {
      Ops tf = Ops.create(graph);
      Placeholder<TUint8> fed = tf.placeholder(TUint8.class);
      Placeholder<TFloat32> numbers = tf.placeholder(TFloat32.class);
      Operand<TInt32> size =
          tf.slice(tf.shape(fed), tf.constant(new int[] {0}), tf.constant(new int[] {2}));
      Operand<TFloat32> image = tf.expandDims(tf.dtypes.cast(fed, TFloat32.class), tf.constant(0));
      Operand<TFloat32> warped =
          tf.squeeze(warp(tf, image, numbers, size), Squeeze.axis(List.of(0L)));
      pixels = fed.asOutput();
      transform = numbers.asOutput();
      png = tf.image.encodePng(tf.dtypes.cast(warped, TUint8.class)).asOutput();
      session = new Session(graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Adds the operations that warp images.
   *
   * @param images [n, height, width, 3], 0 to 255
   * @param transforms [n, 8], from {@link AffineWarp#transform}
   * @param size height and width of the result
   * @return [n, height, width, 3], integers from 0 to 255
   */
  public static Operand<TFloat32> warp(
      Ops tf, Operand<TFloat32> images, Operand<TFloat32> transforms, Operand<TInt32> size) {
    // On bytes, the op truncates fractions, and every copy would be darker by half a level.
    return tf.math.round(sample(tf, images, transforms, size));
  }

  /** {@link #warp} without rounding. */
  static Operand<TFloat32> sample(
      Ops tf, Operand<TFloat32> images, Operand<TFloat32> transforms, Operand<TInt32> size) {
    return tf.image.imageProjectiveTransformV3(
        images,
        transforms,
        size,
        tf.constant(0f),
        "BILINEAR",
        ImageProjectiveTransformV3.fillMode("NEAREST"));
  }

  /**
   * Warps an image.
   *
   * @return the bytes of a PNG file of the same size
   */
  public byte[] png(RgbImage image, AffineWarp warp) {
    try (TUint8 fedPixels = image.tensor();
        TFloat32 fedTransform = warp.tensor(image.height(), image.width());
        Result result =
            session
                .runner()
                .feed(pixels, fedPixels)
                .feed(transform, fedTransform)
                .fetch(png)
                .run()) {
      return ((TString) result.get(0)).asBytes().getObject();
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

package dev.retrain.picture;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.image.EncodeJpeg;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Makes small JPEG pictures of picture files, upright; what is small already keeps its size.
 *
 * <p>Safe for use by several threads at once.
 */
public final class Thumbnailer implements AutoCloseable {
  /** The longer side of the largest, in pixels. */
  public static final int SIDE = 96;

  private static final long QUALITY = 85;

  private final DecodingGraph<TString> graph = new DecodingGraph<>(Thumbnailer::encode);

  private static Operand<TString> encode(Ops tf, Operand<TUint8> pixels, boolean small) {
    Operand<TInt32> size =
        tf.slice(tf.shape(pixels), tf.constant(new int[] {0}), tf.constant(new int[] {2}));
    Operand<TFloat32> sides = tf.dtypes.cast(size, TFloat32.class);
    Operand<TFloat32> shrink =
        tf.math.minimum(
            tf.constant(1f), tf.math.div(tf.constant((float) SIDE), tf.max(sides, tf.constant(0))));
    Operand<TInt32> target =
        tf.math.maximum(
            tf.constant(1),
            tf.dtypes.cast(tf.math.round(tf.math.mul(sides, shrink)), TInt32.class));
    Operand<TFloat32> resized =
        tf.squeeze(
            tf.image.resizeArea(tf.expandDims(pixels, tf.constant(0)), target),
            Squeeze.axis(List.of(0L)));
    return tf.image.encodeJpeg(
        tf.dtypes.cast(tf.math.round(resized), TUint8.class),
        EncodeJpeg.quality(QUALITY),
        EncodeJpeg.optimizeSize(true),
        EncodeJpeg.chromaDownsampling(false));
  }

  /**
   * Makes one.
   *
   * @param content the picture file's bytes
   * @return a JPEG file's bytes; neither side has more than {@value #SIDE} pixels
   * @throws UnreadablePicture where it can't be decoded
   */
  public byte[] jpeg(byte[] content) throws UnreadablePicture {
    return graph.run(content, tensor -> tensor.asBytes().getObject());
  }

  @Override
  public void close() {
    graph.close();
  }
}

package dev.retrain.image.render;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.DecodeGraph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.EncodeJpeg;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Renders thumbnails of image files as JPEG; small images keep their size.
 *
 * <p>Thread-safe.
 */
public final class Thumbnailer implements AutoCloseable {
  /** Maximum length of the longer side, in pixels. */
  public static final int SIDE = 96;

  private static final long QUALITY = 85;

  private final DecodeGraph<TString> graph;

  /**
   * @param limit maximum size of an image
   */
  public Thumbnailer(PixelLimit limit) {
    graph = new DecodeGraph<>(limit, Thumbnailer::encode);
  }

  private static Operand<TString> encode(Ops tf, Operand<TUint8> pixels, boolean small) {
    return tf.image.encodeJpeg(
        FitWithin.resize(tf, pixels, SIDE, false).pixels(),
        EncodeJpeg.quality(QUALITY),
        EncodeJpeg.optimizeSize(true),
        EncodeJpeg.chromaDownsampling(false));
  }

  /**
   * Renders a thumbnail.
   *
   * @param content the image file's bytes
   * @return the bytes of a JPEG file; neither side has more than {@value #SIDE} pixels
   * @throws UnreadableImageException if the image can't be decoded
   */
  public byte[] jpeg(byte[] content) throws UnreadableImageException {
    return graph.run(content, tensor -> tensor.asBytes().getObject());
  }

  @Override
  public void close() {
    graph.close();
  }
}

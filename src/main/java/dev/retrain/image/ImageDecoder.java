package dev.retrain.image;

import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

/**
 * Turns the bytes of an image file into what a network is fed: decoded and turned upright as by
 * {@link RgbDecoder}, resized, changed where it is a variant, and scaled as a {@link Preprocessing}
 * says.
 *
 * <p>Safe for use by several threads at once.
 */
public final class ImageDecoder implements AutoCloseable {
  private final DecodeGraph<TFloat32> graph;
  private final Optional<Variant> variant;
  private final Optional<Distorter> distorter;
  private final int length;

  /**
   * @param preprocessing the size and scale of what comes out
   */
  public ImageDecoder(Preprocessing preprocessing) {
    length = preprocessing.imageLength();
    variant = preprocessing.variant();
    distorter = variant.map(changed -> new Distorter(preprocessing));
    try {
      graph =
          new DecodeGraph<>(
              preprocessing.jpegScale(),
              (tf, pixels, small) -> preprocess(tf, pixels, small, preprocessing));
    } catch (RuntimeException | Error e) {
      distorter.ifPresent(Distorter::close);
      throw e;
    }
  }

  /** Resizes and scales pixels; small ones are made floats first. */
  static Operand<TFloat32> preprocess(
      Ops tf, Operand<TUint8> pixels, boolean small, Preprocessing p) {
    // Resizing floats is three times as fast as resizing bytes, to the same values.
    Operand<? extends TNumber> batch =
        small
            ? tf.expandDims(tf.dtypes.cast(pixels, TFloat32.class), tf.constant(0))
            : tf.expandDims(pixels, tf.constant(0));
    Operand<TFloat32> resized =
        tf.image.resizeBilinear(
            batch,
            tf.constant(new int[] {p.height(), p.width()}),
            ResizeBilinear.alignCorners(false),
            ResizeBilinear.halfPixelCenters(false));
    return p.variant().isPresent() ? resized : p.scale(tf, resized);
  }

  /**
   * Decodes, turns upright, resizes and scales one image.
   *
   * @param content the file's bytes
   * @return [height, width, 3], flat, row by row
   * @throws UnreadableImageException where it can't be decoded
   */
  public float[] decode(byte[] content) throws UnreadableImageException {
    float[] image = new float[length];
    decode(content, floats -> floats.read(image));
    return image;
  }

  /**
   * Does the same, into a batch.
   *
   * @param content the file's bytes
   * @param batch made for the same {@link Preprocessing}
   * @param index the image's place in it
   * @throws UnreadableImageException where it can't be decoded; the place is as it was
   */
  public void decode(byte[] content, ImageBatch batch, int index) throws UnreadableImageException {
    decode(content, floats -> floats.copyTo(batch.place(index), length));
  }

  private void decode(byte[] content, Consumer<FloatDataBuffer> take)
      throws UnreadableImageException {
    Consumer<TFloat32> read = tensor -> take.accept(tensor.asRawTensor().data().asFloats());
    graph.run(
        content,
        tensor -> {
          if (variant.isPresent()) {
            distorter.orElseThrow().run(tensor, variant.get().of(content), read);
          } else {
            read.accept(tensor);
          }
          return null;
        });
  }

  @Override
  public void close() {
    graph.close();
    distorter.ifPresent(Distorter::close);
  }
}

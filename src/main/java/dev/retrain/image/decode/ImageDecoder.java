package dev.retrain.image.decode;

import dev.retrain.image.Distorter;
import dev.retrain.image.ImageBatch;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.Variant;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Decodes an image file as {@link DecodeGraph} does, and resizes, distorts and scales it according
 * to a {@link Preprocessing}.
 *
 * <p>Thread-safe.
 */
public final class ImageDecoder implements AutoCloseable {
  private final DecodeGraph<TFloat32> graph;
  private final Optional<Variant> variant;
  private final Optional<Distorter> distorter;
  private final int length;

  /**
   * @param preprocessing size, scale and variant of the result
   */
  public ImageDecoder(Preprocessing preprocessing) {
    length = preprocessing.imageLength();
    variant = preprocessing.variant();
    distorter = variant.map(unused -> new Distorter(preprocessing));
    try {
      graph =
          new DecodeGraph<>(
              preprocessing.jpegScale(),
              preprocessing.pixelLimit(),
              (tf, pixels, small) -> preprocess(tf, pixels, small, preprocessing));
    } catch (RuntimeException | Error e) {
      distorter.ifPresent(Distorter::close);
      throw e;
    }
  }

  /** Adds the operations that resize and scale pixels; the caller scales a variant. */
  static Operand<TFloat32> preprocess(
      Ops tf, Operand<TUint8> pixels, boolean small, Preprocessing p) {
    Operand<TFloat32> resized = ResizeOps.resize(tf, pixels, small, p);
    return p.variant().isPresent() ? resized : p.scale(tf, resized);
  }

  /**
   * Decodes one image.
   *
   * @param content the file's bytes
   * @return [height, width, 3], flat, row by row
   * @throws UnreadableImageException if it can't be decoded
   */
  public float[] decode(byte[] content) throws UnreadableImageException {
    float[] image = new float[length];
    decode(content, floats -> floats.read(image));
    return image;
  }

  /**
   * Decodes one image into a batch.
   *
   * @param content the file's bytes
   * @param batch a batch for the same {@link Preprocessing}
   * @param index the image's index in the batch
   * @throws UnreadableImageException if it can't be decoded; the batch is unchanged
   */
  public void decode(byte[] content, ImageBatch batch, int index) throws UnreadableImageException {
    decode(content, floats -> floats.copyTo(batch.image(index), length));
  }

  private void decode(byte[] content, Consumer<FloatDataBuffer> consumer)
      throws UnreadableImageException {
    Consumer<TFloat32> reader = tensor -> consumer.accept(tensor.asRawTensor().data().asFloats());
    graph.run(
        content,
        tensor -> {
          if (variant.isPresent()) {
            distorter.orElseThrow().run(tensor, variant.get().draw(content), reader);
          } else {
            reader.accept(tensor);
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

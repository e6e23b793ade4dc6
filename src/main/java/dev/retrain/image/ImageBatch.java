package dev.retrain.image;

import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/**
 * Preprocessed images in one tensor, which this object owns; {@link #close()} frees it.
 *
 * <p>Several threads may write different images at once.
 */
public final class ImageBatch implements AutoCloseable {
  private final int size;
  private final int imageLength;
  private final TFloat32 tensor;

  /**
   * @param size number of images
   * @param preprocessing determines the size of an image
   */
  public ImageBatch(int size, Preprocessing preprocessing) {
    this.size = size;
    imageLength = preprocessing.imageLength();
    tensor = TFloat32.tensorOf(Shape.of(size, preprocessing.height(), preprocessing.width(), 3));
  }

  /**
   * Creates a batch of decoded images.
   *
   * @param images each [height, width, 3], flat, from {@code ImageDecoder.decode}
   * @param preprocessing the preprocessing of the decoder
   */
  public static ImageBatch copyOf(List<float[]> images, Preprocessing preprocessing) {
    ImageBatch batch = new ImageBatch(images.size(), preprocessing);
    for (int i = 0; i < images.size(); i++) {
      batch.image(i).write(images.get(i));
    }
    return batch;
  }

  /** The number of images. */
  public int size() {
    return size;
  }

  /** [size, height, width, 3], owned by this object. Images that were not written are undefined. */
  public TFloat32 tensor() {
    return tensor;
  }

  /** The values of one image, [height, width, 3], flat, row by row. */
  public FloatDataBuffer image(int index) {
    return tensor.asRawTensor().data().asFloats().slice((long) index * imageLength, imageLength);
  }

  @Override
  public void close() {
    tensor.close();
  }
}

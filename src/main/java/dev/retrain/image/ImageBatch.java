package dev.retrain.image;

import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/**
 * Room for some images in the form a network is fed, one tensor in native memory.
 *
 * <p>Owns it; {@link #close()} frees it. Places may be filled by several threads at once.
 */
public final class ImageBatch implements AutoCloseable {
  private final int size;
  private final int imageLength;
  private final TFloat32 tensor;

  /**
   * @param size how many images
   * @param preprocessing what each becomes
   */
  public ImageBatch(int size, Preprocessing preprocessing) {
    this.size = size;
    imageLength = preprocessing.imageLength();
    tensor = TFloat32.tensorOf(Shape.of(size, preprocessing.height(), preprocessing.width(), 3));
  }

  /**
   * A batch of images that are decoded already.
   *
   * @param images each [height, width, 3], flat, as {@link ImageDecoder#decode} gives them
   * @param preprocessing what they became
   */
  public static ImageBatch copyOf(List<float[]> images, Preprocessing preprocessing) {
    ImageBatch batch = new ImageBatch(images.size(), preprocessing);
    for (int i = 0; i < images.size(); i++) {
      batch.place(i).write(images.get(i));
    }
    return batch;
  }

  /** How many images have a place. */
  public int size() {
    return size;
  }

  /** [size, height, width, 3]; it stays this object's. What was not filled is any numbers. */
  public TFloat32 tensor() {
    return tensor;
  }

  /** Where an image goes, [height, width, 3], flat, row by row. */
  FloatDataBuffer place(int index) {
    return tensor.asRawTensor().data().asFloats().slice((long) index * imageLength, imageLength);
  }

  @Override
  public void close() {
    tensor.close();
  }
}

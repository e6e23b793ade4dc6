package dev.retrain.image;

import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/**
 * Room for some pictures in the form a network is fed, one tensor in native memory.
 *
 * <p>Owns it; {@link #close()} frees it. Places may be filled by several threads at once.
 */
public final class ImageBatch implements AutoCloseable {
  private final int size;
  private final int pictureLength;
  private final TFloat32 tensor;

  /**
   * @param size how many pictures
   * @param preprocessing what each becomes
   */
  public ImageBatch(int size, Preprocessing preprocessing) {
    this.size = size;
    pictureLength = preprocessing.pictureLength();
    tensor = TFloat32.tensorOf(Shape.of(size, preprocessing.height(), preprocessing.width(), 3));
  }

  /**
   * A batch of pictures that are decoded already.
   *
   * @param pictures each [height, width, 3], flat, as {@link ImageDecoder#decode} gives them
   * @param preprocessing what they became
   */
  public static ImageBatch of(List<float[]> pictures, Preprocessing preprocessing) {
    ImageBatch batch = new ImageBatch(pictures.size(), preprocessing);
    for (int i = 0; i < pictures.size(); i++) {
      batch.place(i).write(pictures.get(i));
    }
    return batch;
  }

  /** How many pictures have a place. */
  public int size() {
    return size;
  }

  /** [size, height, width, 3]; it stays this object's. What was not filled is any numbers. */
  public TFloat32 tensor() {
    return tensor;
  }

  /** Where a picture goes, [height, width, 3], flat, row by row. */
  FloatDataBuffer place(int index) {
    return tensor
        .asRawTensor()
        .data()
        .asFloats()
        .slice((long) index * pictureLength, pictureLength);
  }

  @Override
  public void close() {
    tensor.close();
  }
}

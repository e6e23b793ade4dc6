package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The vectors and labels of a batch as tensors that can be refilled.
 *
 * <p>Owns the tensors; {@link #close()} frees them.
 */
final class BatchTensors implements AutoCloseable {
  private final Vectors source;
  private final int[] classes;
  private final float[] row;
  private final TFloat32 vectors;
  private final TInt32 labels;

  /** An uninitialized batch of {@code size} vectors. */
  BatchTensors(Vectors source, int size) {
    this.source = source;
    classes = new int[size];
    row = new float[source.length()];
    vectors = TFloat32.tensorOf(Shape.of(size, source.length()));
    labels = TInt32.tensorOf(Shape.of(size));
  }

  /** A batch of the vectors with these indices. */
  BatchTensors(Vectors source, int[] indices) {
    this(source, indices.length);
    fill(indices);
  }

  /**
   * Replaces the contents of the batch.
   *
   * @param indices indices of the vectors; as many as the size of the batch
   */
  void fill(int[] indices) {
    FloatDataBuffer values = vectors.asRawTensor().data().asFloats();
    for (int i = 0; i < indices.length; i++) {
      source.copy(indices[i], row, 0);
      values.offset((long) i * row.length).write(row);
      classes[i] = source.label(indices[i]);
    }
    DataBuffers.of(classes).copyTo(labels.asRawTensor().data().asInts(), classes.length);
  }

  /** [size, length]. */
  TFloat32 vectors() {
    return vectors;
  }

  /** [size]. */
  TInt32 labels() {
    return labels;
  }

  int size() {
    return classes.length;
  }

  @Override
  public void close() {
    vectors.close();
    labels.close();
  }
}

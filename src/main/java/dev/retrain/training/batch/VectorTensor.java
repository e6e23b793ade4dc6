package dev.retrain.training.batch;

import dev.retrain.bottleneck.Vectors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/** The vectors of a batch as a tensor that can be refilled. Owns it; {@link #close()} frees it. */
public final class VectorTensor implements AutoCloseable {
  private final Vectors source;
  private final float[] row;
  private final TFloat32 tensor;

  /** An uninitialized tensor of {@code size} vectors. */
  VectorTensor(Vectors source, int size) {
    this.source = source;
    row = new float[source.length()];
    tensor = TFloat32.tensorOf(Shape.of(size, source.length()));
  }

  /** The vectors with these indices. */
  public VectorTensor(Vectors source, int[] indices) {
    this(source, indices.length);
    fill(indices);
  }

  void fill(int[] indices) {
    FloatDataBuffer values = tensor.asRawTensor().data().asFloats();
    for (int i = 0; i < indices.length; i++) {
      source.copy(indices[i], row, 0);
      values.offset((long) i * row.length).write(row);
    }
  }

  /** [size, length]. */
  public TFloat32 tensor() {
    return tensor;
  }

  @Override
  public void close() {
    tensor.close();
  }
}

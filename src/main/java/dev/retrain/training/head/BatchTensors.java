package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Vectors and labels as tensors, which can be filled again and again; owns them. */
final class BatchTensors implements AutoCloseable {
  private final Vectors source;
  private final int[] classes;
  private final float[] row;
  private final TFloat32 vectors;
  private final TInt32 labels;

  /** Room for so many vectors. */
  BatchTensors(Vectors source, int size) {
    this.source = source;
    classes = new int[size];
    row = new float[source.length()];
    vectors = TFloat32.tensorOf(Shape.of(size, source.length()));
    labels = TInt32.tensorOf(Shape.of(size));
  }

  /** The vectors of these indices, in their order. */
  BatchTensors(Vectors source, int[] indices) {
    this(source, indices.length);
    fill(indices);
  }

  /** Puts other vectors into it, as many as it has room for. */
  void fill(int[] indices) {
    FloatDataBuffer values = vectors.asRawTensor().data().asFloats();
    for (int i = 0; i < indices.length; i++) {
      source.copy(indices[i], row, 0);
      values.offset((long) i * row.length).write(row);
      classes[i] = source.label(indices[i]);
    }
    DataBuffers.of(classes).copyTo(labels.asRawTensor().data().asInts(), classes.length);
  }

  TFloat32 vectors() {
    return vectors;
  }

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

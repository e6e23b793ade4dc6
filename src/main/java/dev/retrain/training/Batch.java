package dev.retrain.training;

import dev.retrain.bottleneck.Vectors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Vectors and labels as tensors; owns them. */
final class Batch implements AutoCloseable {
  private final TFloat32 vectors;
  private final TInt32 labels;

  /** The vectors of these indices, in their order. */
  Batch(Vectors source, int[] indices) {
    float[] values = new float[Math.multiplyExact(indices.length, source.length())];
    int[] classes = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      source.copy(indices[i], values, i * source.length());
      classes[i] = source.label(indices[i]);
    }
    vectors = TFloat32.tensorOf(Shape.of(indices.length, source.length()), DataBuffers.of(values));
    labels = TInt32.tensorOf(Shape.of(indices.length), DataBuffers.of(classes));
  }

  TFloat32 vectors() {
    return vectors;
  }

  TInt32 labels() {
    return labels;
  }

  int size() {
    return Math.toIntExact(labels.shape().get(0));
  }

  @Override
  public void close() {
    vectors.close();
    labels.close();
  }
}

package dev.retrain.training.batch;

import dev.retrain.bottleneck.Vectors;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * The vectors, labels and weights of a batch as tensors that can be refilled.
 *
 * <p>Owns the tensors; {@link #close()} frees them.
 */
public final class BatchTensors implements AutoCloseable {
  private final Vectors source;
  private final TargetFormat format;
  private final int size;
  private final VectorTensor vectors;
  private final LabelTensor labels;
  private final Optional<TFloat32> weights;

  /** An uninitialized batch of {@code size} vectors. */
  public BatchTensors(Vectors source, TargetFormat format, int size) {
    this.source = source;
    this.format = format;
    this.size = size;
    vectors = new VectorTensor(source, size);
    labels = LabelTensor.create(format, size);
    weights = format.weights().map(all -> TFloat32.tensorOf(Shape.of(size)));
  }

  /** A batch of the vectors with these indices. */
  public BatchTensors(Vectors source, TargetFormat format, int[] indices) {
    this(source, format, indices.length);
    fill(indices);
  }

  /**
   * Replaces the contents of the batch.
   *
   * @param indices indices of the vectors; as many as the size of the batch
   */
  public void fill(int[] indices) {
    vectors.fill(indices);
    labels.fill(source, indices);
    weights.ifPresent(tensor -> tensor.asRawTensor().data().asFloats().write(weights(indices)));
  }

  private float[] weights(int[] indices) {
    float[] all = format.weights().orElseThrow();
    float[] selected = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      selected[i] = all[indices[i]];
    }
    return selected;
  }

  /** [size, length]. */
  public TFloat32 vectors() {
    return vectors.tensor();
  }

  /** [size] int32 or [size, classes] float32. */
  public TType labels() {
    return labels.tensor();
  }

  /** [size, classes], flat: 1 for each class; empty if each vector has exactly one class. */
  public float[] multiHot() {
    return labels.multiHot();
  }

  /** [size]; absent if the loss is not weighted. */
  public Optional<TFloat32> weights() {
    return weights;
  }

  public int size() {
    return size;
  }

  @Override
  public void close() {
    vectors.close();
    labels.close();
    weights.ifPresent(TFloat32::close);
  }
}

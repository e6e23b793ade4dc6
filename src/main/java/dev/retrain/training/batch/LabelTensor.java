package dev.retrain.training.batch;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.Objective;
import java.util.Arrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** The labels of a batch as a tensor. Owns it; {@link #close()} frees it. */
sealed interface LabelTensor extends AutoCloseable {
  /** An uninitialized tensor for {@code size} vectors. */
  static LabelTensor create(TargetFormat format, int size) {
    return format.objective() == Objective.SINGLE_LABEL
        ? new ClassIndexes(size)
        : new MultiHot(size, format.classes());
  }

  /** Replaces the labels by those of the vectors with these indices. */
  void fill(Vectors source, int[] indices);

  TType tensor();

  /** [size, classes], flat: 1 for each class of a vector; empty if each has exactly one class. */
  float[] multiHot();

  @Override
  void close();

  /** [size]: index of the only class. */
  final class ClassIndexes implements LabelTensor {
    private final int[] classes;
    private final TInt32 tensor;

    private ClassIndexes(int size) {
      classes = new int[size];
      tensor = TInt32.tensorOf(Shape.of(size));
    }

    @Override
    public void fill(Vectors source, int[] indices) {
      Arrays.setAll(classes, i -> source.label(indices[i]));
      DataBuffers.of(classes).copyTo(tensor.asRawTensor().data().asInts(), classes.length);
    }

    @Override
    public TInt32 tensor() {
      return tensor;
    }

    @Override
    public float[] multiHot() {
      return new float[0];
    }

    @Override
    public void close() {
      tensor.close();
    }
  }

  /** [size, classes]: 1 for each class. */
  final class MultiHot implements LabelTensor {
    private final int classes;
    private final float[] values;
    private final TFloat32 tensor;

    private MultiHot(int size, int classes) {
      this.classes = classes;
      values = new float[Math.multiplyExact(size, classes)];
      tensor = TFloat32.tensorOf(Shape.of(size, classes));
    }

    @Override
    public void fill(Vectors source, int[] indices) {
      Arrays.fill(values, 0);
      for (int i = 0; i < indices.length; i++) {
        for (int label : source.labels(indices[i])) {
          values[i * classes + label] = 1;
        }
      }
      tensor.asRawTensor().data().asFloats().write(values);
    }

    @Override
    public TFloat32 tensor() {
      return tensor;
    }

    @Override
    public float[] multiHot() {
      return values.clone();
    }

    @Override
    public void close() {
      tensor.close();
    }
  }
}

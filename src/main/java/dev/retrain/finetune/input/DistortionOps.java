package dev.retrain.finetune.input;

import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.image.ImageProjectiveTransformV3;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

/**
 * The operations that distort images. Those of an image that is not distorted change no bit.
 *
 * @param tf scope
 * @param numbers [m, numbers]: how each image is distorted
 * @param stages the steps
 * @param height rows of an image
 * @param width columns of an image
 */
record DistortionOps(
    Ops tf, Operand<TFloat32> numbers, Set<DistortionStage> stages, int height, int width) {
  /** Between black and white, and close to the mean that most networks subtract. */
  private static final float GRAY = 127.5f;

  private static final int CHANNELS = 3;

  /**
   * Adds the operations.
   *
   * @param images [m, height, width, 3]
   * @return [n, height * width * 3]: all images, or without the last one if images are mixed
   */
  Operand<TFloat32> distort(Operand<TUint8> images) {
    Operand<TFloat32> x = flat(move(stages.contains(DistortionStage.TONE) ? tone(images) : images));
    if (stages.contains(DistortionStage.BRIGHTNESS)) {
      x = brighten(x);
    }
    if (stages.contains(DistortionStage.SATURATION)) {
      x = saturate(x);
    }
    if (stages.contains(DistortionStage.ERASE)) {
      x = erase(x);
    }
    return stages.contains(DistortionStage.MIX) ? mix(x) : x;
  }

  /** [m, count]: numbers of a stage. */
  private Operand<TFloat32> numbers(DistortionStage stage, int first, int count) {
    return tf.slice(
        numbers,
        tf.constant(new int[] {0, stage.offset(stages) + first}),
        tf.constant(new int[] {-1, count}));
  }

  /** [m, 1]: one number of a stage. */
  private Operand<TFloat32> number(DistortionStage stage, int index) {
    return numbers(stage, index, 1);
  }

  private <T extends TNumber> Operand<T> shaped(Operand<T> x, int... shape) {
    return tf.reshape(x, tf.constant(shape));
  }

  private <T extends TNumber> Operand<T> flat(Operand<T> images) {
    return shaped(images, -1, height * width * CHANNELS);
  }

  private Operand<TFloat32> floats(Operand<TUint8> bytes) {
    return tf.dtypes.cast(bytes, TFloat32.class);
  }

  /** Keeps the bits of a mask, and inverts what is above a threshold then. */
  private Operand<TUint8> tone(Operand<TUint8> images) {
    Operand<TUint8> mask = tf.dtypes.cast(number(DistortionStage.TONE, 0), TUint8.class);
    Operand<TUint8> threshold = tf.dtypes.cast(number(DistortionStage.TONE, 1), TUint8.class);
    Operand<TUint8> masked = tf.bitwise.bitwiseAnd(flat(images), mask);
    Operand<TUint8> above = tf.dtypes.cast(tf.math.greater(masked, threshold), TUint8.class);
    Operand<TUint8> all = tf.dtypes.cast(tf.constant(255), TUint8.class);
    return shaped(
        tf.bitwise.bitwiseXor(masked, tf.math.mul(above, all)), -1, height, width, CHANNELS);
  }

  private Operand<TFloat32> move(Operand<TUint8> images) {
    Operand<TInt32> size = tf.constant(new int[] {height, width});
    if (stages.contains(DistortionStage.WARP)) {
      return tf.image.imageProjectiveTransformV3(
          floats(images),
          numbers(DistortionStage.WARP, 0, DistortionStage.WARP.length()),
          size,
          tf.constant(0f),
          "BILINEAR",
          ImageProjectiveTransformV3.fillMode("REFLECT"));
    }
    if (stages.contains(DistortionStage.BOX)) {
      // Three times as fast as a projective transform.
      Operand<TInt32> count = shaped(tf.shape.size(images, tf.constant(0)));
      return tf.image.cropAndResize(
          images,
          numbers(DistortionStage.BOX, 0, DistortionStage.BOX.length()),
          tf.range(tf.constant(0), count, tf.constant(1)),
          size);
    }
    return floats(stages.contains(DistortionStage.SHIFT) ? shift(images) : images);
  }

  /** Rows and columns are chosen; five times as fast as a projective transform. */
  private Operand<TUint8> shift(Operand<TUint8> images) {
    Operand<TInt32> rows = reflected(range(height), number(DistortionStage.SHIFT, 2), height);
    Operand<TFloat32> center = tf.constant((width - 1) / 2f);
    Operand<TFloat32> flipped =
        tf.math.add(
            tf.math.mul(tf.math.sub(range(width), center), number(DistortionStage.SHIFT, 0)),
            center);
    Operand<TInt32> columns = reflected(flipped, number(DistortionStage.SHIFT, 1), width);
    return chosen(chosen(images, rows, 1), columns, 2);
  }

  private Operand<TUint8> chosen(Operand<TUint8> images, Operand<TInt32> indexes, int axis) {
    return tf.gather(images, indexes, tf.constant(axis), Gather.batchDims(1L));
  }

  /** Indexes of {@code size} rows or columns after a shift. */
  private Operand<TInt32> reflected(
      Operand<TFloat32> positions, Operand<TFloat32> shift, int size) {
    Operand<TFloat32> shifted = tf.math.add(positions, shift);
    Operand<TFloat32> beforeFirst = tf.math.sub(tf.constant(-1f), shifted);
    Operand<TFloat32> afterLast = tf.math.sub(tf.constant(2f * size - 1), shifted);
    return tf.dtypes.cast(
        tf.math.minimum(tf.math.maximum(shifted, beforeFirst), afterLast), TInt32.class);
  }

  /** [1, count]: 0, 1, ... */
  private Operand<TFloat32> range(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return shaped(tf.constant(values), 1, count);
  }

  private Operand<TFloat32> brighten(Operand<TFloat32> x) {
    return offset(
        tf.math.mul(x, number(DistortionStage.BRIGHTNESS, 0)),
        number(DistortionStage.BRIGHTNESS, 1));
  }

  private Operand<TFloat32> saturate(Operand<TFloat32> x) {
    float[][] luminance = {
      {0.299f, 0.299f, 0.299f}, {0.587f, 0.587f, 0.587f}, {0.114f, 0.114f, 0.114f}
    };
    Operand<TFloat32> gray =
        flat(tf.linalg.matMul(shaped(x, -1, CHANNELS), tf.constant(luminance)));
    return offset(
        tf.math.add(
            tf.math.mul(x, number(DistortionStage.SATURATION, 0)),
            tf.math.mul(gray, number(DistortionStage.SATURATION, 2))),
        number(DistortionStage.SATURATION, 1));
  }

  private Operand<TFloat32> offset(Operand<TFloat32> x, Operand<TFloat32> offset) {
    return tf.clipByValue(tf.math.add(x, offset), tf.constant(0f), tf.constant(255f));
  }

  private Operand<TFloat32> erase(Operand<TFloat32> x) {
    Operand<TFloat32> rows = inside(range(height), 0, 2);
    float[] columnOf = new float[width * CHANNELS];
    for (int i = 0; i < columnOf.length; i++) {
      int column = i / CHANNELS;
      columnOf[i] = column;
    }
    Operand<TFloat32> columns = inside(shaped(tf.constant(columnOf), 1, columnOf.length), 1, 3);
    Operand<TFloat32> mask =
        flat(tf.math.mul(shaped(rows, -1, height, 1), shaped(columns, -1, 1, columnOf.length)));
    Operand<TFloat32> difference = tf.math.sub(x, tf.constant(GRAY));
    return tf.math.sub(x, tf.math.mul(difference, mask));
  }

  /** 1 for positions in the rectangle, 0 otherwise. */
  private Operand<TFloat32> inside(Operand<TFloat32> positions, int first, int end) {
    return tf.dtypes.cast(
        tf.math.logicalAnd(
            tf.math.greaterEqual(positions, number(DistortionStage.ERASE, first)),
            tf.math.less(positions, number(DistortionStage.ERASE, end))),
        TFloat32.class);
  }

  private Operand<TFloat32> mix(Operand<TFloat32> x) {
    Operand<TFloat32> own = withoutLast(number(DistortionStage.MIX, 0));
    Operand<TFloat32> next =
        tf.slice(x, tf.constant(new int[] {1, 0}), tf.constant(new int[] {-1, -1}));
    return tf.math.add(
        tf.math.mul(withoutLast(x), own), tf.math.mul(next, tf.math.sub(tf.constant(1f), own)));
  }

  private Operand<TFloat32> withoutLast(Operand<TFloat32> x) {
    return tf.slice(
        x, tf.constant(new int[] {0, 0}), tf.math.sub(tf.shape(x), tf.constant(new int[] {1, 0})));
  }
}

package dev.retrain.finetune.graph;

import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * A batch of training images with their distortions and targets. Owns the tensors; {@link #close()}
 * frees them.
 *
 * @param images [n, height, width, 3]
 * @param transforms [n, 8]: the projective transformation from output to input coordinates
 * @param colors [n, 3]: factors of brightness, contrast and saturation
 * @param erased [n, 4]: top, left, bottom and right of the erased rectangle, as fractions
 * @param partners [n]: index of the image that is mixed with this one
 * @param weights [n]: weight of the image itself in the mixture
 * @param targets [n, classes]: the probabilities to learn
 */
public record BatchTensors(
    TUint8 images,
    TFloat32 transforms,
    TFloat32 colors,
    TFloat32 erased,
    TInt32 partners,
    TFloat32 weights,
    TFloat32 targets)
    implements AutoCloseable {
  /** Allocates a batch; its values are undefined. */
  public static BatchTensors allocate(int size, int height, int width, int classes) {
    return new BatchTensors(
        TUint8.tensorOf(Shape.of(size, height, width, 3)),
        TFloat32.tensorOf(Shape.of(size, 8)),
        TFloat32.tensorOf(Shape.of(size, 3)),
        TFloat32.tensorOf(Shape.of(size, 4)),
        TInt32.tensorOf(Shape.of(size)),
        TFloat32.tensorOf(Shape.of(size)),
        TFloat32.tensorOf(Shape.of(size, classes)));
  }

  /** Feeds the images and their distortions. */
  Session.Runner feed(Session.Runner runner) {
    return runner
        .feed(BatchInputs.IMAGES, images)
        .feed(BatchInputs.TRANSFORMS, transforms)
        .feed(BatchInputs.COLORS, colors)
        .feed(BatchInputs.ERASED, erased)
        .feed(BatchInputs.PARTNERS, partners)
        .feed(BatchInputs.WEIGHTS, weights);
  }

  /** The images without distortion, scaled for the network; the caller closes them. */
  public TFloat32 scaled(Preprocessing preprocessing) {
    byte[] bytes = new byte[Math.toIntExact(images.size())];
    images.asRawTensor().data().read(bytes);
    float[] values = new float[bytes.length];
    Normalization normalization = preprocessing.normalization();
    boolean reversed = normalization.channels() == ChannelOrder.BGR;
    for (int i = 0; i < bytes.length; i++) {
      int channel = i % 3;
      float value = Byte.toUnsignedInt(bytes[i]) - normalization.mean(channel);
      int target = reversed ? i + 2 - 2 * channel : i;
      values[target] = value * (1 / normalization.std(channel));
    }
    return TFloat32.tensorOf(images.shape(), DataBuffers.of(values));
  }

  @Override
  public void close() {
    images.close();
    transforms.close();
    colors.close();
    erased.close();
    partners.close();
    weights.close();
    targets.close();
  }
}

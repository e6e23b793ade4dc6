package dev.retrain.finetune.input;

import java.nio.ByteBuffer;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The tensors of {@link BatchInputs}.
 *
 * @param images [m, height, width, 3]; m is n, or n + 1 if images are mixed: each with the next one
 * @param distortions [m, numbers]: how each image is distorted, see {@link DistortionStage}
 */
public record ImageTensors(TUint8 images, TFloat32 distortions) implements InputTensors {
  /**
   * Allocates tensors; their values are undefined.
   *
   * @param images number of images, m
   * @param height rows of an image
   * @param width columns of an image
   * @param numbers numbers that distort an image
   */
  public static ImageTensors allocate(int images, int height, int width, int numbers) {
    return new ImageTensors(
        TUint8.tensorOf(Shape.of(images, height, width, 3)),
        TFloat32.tensorOf(Shape.of(images, numbers)));
  }

  /** The memory of an image, [height, width, 3]; not to be used after {@link #close}. */
  public ByteBuffer image(int index) {
    int length = Math.toIntExact(images.size() / images.shape().get(0));
    return TensorMemory.slice(images, (long) index * length, length);
  }

  @Override
  public Session.Runner feed(Session.Runner runner) {
    return runner.feed(BatchInputs.IMAGES, images).feed(BatchInputs.DISTORTIONS, distortions);
  }

  @Override
  public void close() {
    images.close();
    distortions.close();
  }
}

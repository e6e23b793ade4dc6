package dev.retrain.finetune.graph;

import java.nio.ByteBuffer;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * A batch of training images with their distortions and targets. Owns the tensors; {@link #close()}
 * frees them.
 *
 * @param images [m, height, width, 3]; m is n, or n + 1 if images are mixed: each with the next one
 * @param distortions [m, numbers]: how each image is distorted, see {@link DistortionStage}
 * @param targets [n, classes]: the probabilities to learn
 * @param weights [n]: weights in the loss
 */
public record BatchTensors(TUint8 images, TFloat32 distortions, TFloat32 targets, TFloat32 weights)
    implements AutoCloseable {
  /**
   * Allocates a batch; its values are undefined.
   *
   * @param size number of images to learn, n
   * @param images number of images, m
   * @param height rows of an image
   * @param width columns of an image
   * @param numbers numbers that distort an image
   * @param classes number of classes
   */
  public static BatchTensors allocate(
      int size, int images, int height, int width, int numbers, int classes) {
    return new BatchTensors(
        TUint8.tensorOf(Shape.of(images, height, width, 3)),
        TFloat32.tensorOf(Shape.of(images, numbers)),
        TFloat32.tensorOf(Shape.of(size, classes)),
        TFloat32.tensorOf(Shape.of(size)));
  }

  /** The memory of an image, [height, width, 3]; not to be used after {@link #close}. */
  public ByteBuffer image(int index) {
    int length = Math.toIntExact(images.size() / images.shape().get(0));
    return TensorMemory.slice(images, (long) index * length, length);
  }

  /** Feeds the images and their distortions to a graph with {@link BatchInputs}. */
  public Session.Runner feed(Session.Runner runner) {
    return runner.feed(BatchInputs.IMAGES, images).feed(BatchInputs.DISTORTIONS, distortions);
  }

  @Override
  public void close() {
    images.close();
    distortions.close();
    targets.close();
    weights.close();
  }
}

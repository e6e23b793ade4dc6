package dev.retrain.finetune.input;

import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * A batch of n training images with what the network learns about them. Owns the tensors; {@link
 * #close()} frees them.
 *
 * @param inputs what the network is fed
 * @param targets [n, classes]: the probabilities to learn
 * @param weights [n]: weights in the loss
 */
public record BatchTensors(InputTensors inputs, TFloat32 targets, TFloat32 weights)
    implements AutoCloseable {
  /**
   * Allocates targets and weights; their values are undefined.
   *
   * @param inputs the inputs, which the batch owns then
   * @param size number of images, n
   * @param classes number of classes
   */
  public static BatchTensors allocate(InputTensors inputs, int size, int classes) {
    return new BatchTensors(
        inputs, TFloat32.tensorOf(Shape.of(size, classes)), TFloat32.tensorOf(Shape.of(size)));
  }

  /** Feeds the inputs. */
  public Session.Runner feed(Session.Runner runner) {
    return inputs.feed(runner);
  }

  @Override
  public void close() {
    inputs.close();
    targets.close();
    weights.close();
  }
}

package dev.retrain.image;

import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Distorts images that have been resized, and scales their values. Pixels are interpolated
 * bilinearly and not rounded; points outside of the image have the value of the nearest edge pixel.
 *
 * <p>Owns a graph; thread-safe.
 */
public final class Distorter implements AutoCloseable {
  private final Preprocessing preprocessing;
  private final Graph graph;
  private final Session session;
  private final Output<TFloat32> image;
  private final Output<TFloat32> transform;
  private final Output<TFloat32> brightness;
  private final Output<TFloat32> result;

  public Distorter(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
    graph = TensorFlowRuntime.newGraph();
    try {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> fed = tf.placeholder(TFloat32.class);
      Placeholder<TFloat32> numbers = tf.placeholder(TFloat32.class);
      Placeholder<TFloat32> factor = tf.placeholder(TFloat32.class);
      Operand<TFloat32> warped =
          AffineWarper.sample(
              tf,
              fed,
              numbers,
              tf.constant(new int[] {preprocessing.height(), preprocessing.width()}));
      image = fed.asOutput();
      transform = numbers.asOutput();
      brightness = factor.asOutput();
      result = preprocessing.scale(tf, tf.math.mul(warped, factor)).asOutput();
      session = new Session(graph, SessionConfigs.SINGLE_THREADED);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Distorts an image.
   *
   * @param resized [1, height, width, 3], 0 to 255
   * @param change the distortion
   * @param consumer receives [1, height, width, 3], which is closed afterwards
   */
  public void run(TFloat32 resized, Distortion.Change change, Consumer<TFloat32> consumer) {
    try (TFloat32 fedTransform =
            change.warp().tensor(preprocessing.height(), preprocessing.width());
        TFloat32 fedBrightness = TFloat32.scalarOf(change.brightness());
        Result results =
            session
                .runner()
                .feed(image, resized)
                .feed(transform, fedTransform)
                .feed(brightness, fedBrightness)
                .fetch(result)
                .run()) {
      consumer.accept((TFloat32) results.get(0));
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

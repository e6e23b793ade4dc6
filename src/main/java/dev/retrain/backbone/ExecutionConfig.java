package dev.retrain.backbone;

import dev.retrain.util.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How batches are run on a machine's devices. The sizes are those that the benchmark found fastest
 * ({@code mvn -Pbench verify}, its rows on batches): on cores, batches that stay in a core's cache;
 * on a GPU, large ones.
 *
 * @param callers how many batches run at once, in one session, each called by a thread of its own
 * @param oneThread whether a call computes on the thread that makes it alone; otherwise on all
 *     cores, or the GPU
 * @param batch images in a batch
 */
public record ExecutionConfig(int callers, boolean oneThread, int batch) {
  private static final int CPU_BATCH = 8;
  private static final int GPU_BATCH = 128;

  /**
   * A batch on each core: faster than all cores on one batch, and the same vectors on any number of
   * cores.
   */
  public static ExecutionConfig onCores() {
    return new ExecutionConfig(Runtime.getRuntime().availableProcessors(), true, CPU_BATCH);
  }

  /** Large batches, which a GPU needs to be busy; every core decodes images for the next. */
  public static ExecutionConfig onGpu() {
    return new ExecutionConfig(Runtime.getRuntime().availableProcessors(), false, GPU_BATCH);
  }

  /** What suits the devices that TensorFlow finds. */
  public static ExecutionConfig ofThisMachine() {
    return hasGpu() ? onGpu() : onCores();
  }

  /** Asks TensorFlow, by placing an operation on the first GPU. */
  static boolean hasGpu() {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Ops tf = Ops.create(graph);
      DeviceSpec gpu = DeviceSpec.newBuilder().deviceType(DeviceType.GPU).deviceIndex(0).build();
      var one = tf.withDevice(gpu).math.neg(tf.withDevice(gpu).constant(1f));
      try (Session session = new Session(graph);
          var result = session.runner().fetch(one).run()) {
        return ((TFloat32) result.get(0)).getFloat() == -1;
      }
    } catch (IllegalArgumentException | TensorFlowException e) {
      // No such device.
      return false;
    }
  }

  /** Opens a session that computes so. */
  public BackboneSession open(Backbone backbone) {
    return oneThread ? BackboneSession.ofOneThread(backbone) : new BackboneSession(backbone);
  }
}

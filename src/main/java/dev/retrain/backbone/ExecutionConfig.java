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
 * How batches are distributed to the machine's devices. The benchmark ({@code mvn -Pbench verify},
 * rows on batch sizes) found these sizes fastest: on CPUs, batches that fit into a core's cache; on
 * a GPU, large batches.
 *
 * @param callers number of batches that run at the same time in one session, each on a thread
 * @param oneThread whether a batch is computed on its calling thread only; otherwise on all cores
 *     or the GPU
 * @param batch images in a batch
 */
public record ExecutionConfig(int callers, boolean oneThread, int batch) {
  private static final int CPU_BATCH = 8;
  private static final int GPU_BATCH = 128;

  /**
   * One batch per core. This is faster than using all cores for one batch, and the vectors do not
   * depend on the number of cores.
   */
  public static ExecutionConfig onCores() {
    return new ExecutionConfig(Runtime.getRuntime().availableProcessors(), true, CPU_BATCH);
  }

  /** Large batches, which keep a GPU busy, while every core decodes images for the next ones. */
  public static ExecutionConfig onGpu() {
    return new ExecutionConfig(Runtime.getRuntime().availableProcessors(), false, GPU_BATCH);
  }

  /** The configuration for the devices that TensorFlow finds. */
  public static ExecutionConfig forThisMachine() {
    return hasGpu() ? onGpu() : onCores();
  }

  /** Whether TensorFlow can run an operation on a GPU. */
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
      // There is no GPU.
      return false;
    }
  }

  /** Opens a session with this configuration; the caller closes it. */
  public BackboneSession open(Backbone backbone) {
    return oneThread ? BackboneSession.singleThreaded(backbone) : new BackboneSession(backbone);
  }
}

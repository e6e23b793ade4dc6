package dev.retrain.evaluation;

import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.training.graph.HeadOps;
import dev.retrain.training.loss.LossOps;
import dev.retrain.util.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A trained head in TensorFlow. Log-softmax keeps the loss of a head that predicts exactly one
 * class exact where a probability underflows to 0.
 *
 * <p>Owns its native graph and session; {@link #close()} frees them.
 */
final class HeadSession implements AutoCloseable {
  private final Head head;
  private final Graph graph = TensorFlowRuntime.newGraph();
  private final Session session;
  private final Operand<TFloat32> vectors;
  private final Operand<TFloat32> output;

  HeadSession(Head head) {
    this.head = head;
    try {
      Ops tf = Ops.create(graph);
      vectors = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, head.inputs())));
      Operand<TFloat32> logits = HeadOps.logits(tf, head, vectors);
      output =
          head.objective() == Objective.SINGLE_LABEL
              ? tf.nn.logSoftmax(logits)
              : LossOps.probabilities(tf, head.objective(), logits);
      session = new Session(graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /**
   * @param values [count, inputs], flat
   * @param count number of vectors
   * @return [count, classes], flat: natural logarithms of the probabilities if the head predicts
   *     exactly one class, otherwise the probabilities
   */
  float[] run(float[] values, int count) {
    try (TFloat32 batch =
            TFloat32.tensorOf(Shape.of(count, head.inputs()), DataBuffers.of(values));
        Result result = session.runner().feed(vectors, batch).fetch(output).run()) {
      float[] outputs = new float[Math.multiplyExact(count, head.classes())];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(outputs);
      return outputs;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

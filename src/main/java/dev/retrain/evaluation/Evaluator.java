package dev.retrain.evaluation;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.evaluation.TestResult.Mistake;
import dev.retrain.training.Head;
import dev.retrain.training.graph.HeadOps;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.List;
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
 * Runs a head on vectors.
 *
 * <p>Owns its native graph and session; {@link #close()} frees them.
 */
public final class Evaluator implements AutoCloseable {
  private final Head head;
  private final Graph graph = TensorFlowRuntime.newGraph();
  private final Session session;
  private final Operand<TFloat32> vectors;
  private final Operand<TFloat32> logProbabilities;

  /**
   * @param head what was trained
   */
  public Evaluator(Head head) {
    this.head = head;
    try {
      Ops tf = Ops.create(graph);
      vectors = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, head.inputs())));
      logProbabilities = tf.nn.logSoftmax(HeadOps.logits(tf, head, vectors));
      session = new Session(graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Tests the head on every vector.
   *
   * @param test vectors with their labels, at least one
   * @param batchSize how many are run at once; bounds the memory, not the result
   * @return how it did
   */
  public TestResult test(Vectors test, int batchSize) {
    List<Mistake> mistakes = new ArrayList<>();
    double loss = 0;
    for (int from = 0; from < test.count(); from += batchSize) {
      int size = Math.min(batchSize, test.count() - from);
      float[] logs = logProbabilities(test, from, size);
      for (int i = 0; i < size; i++) {
        int label = test.label(from + i);
        int best = argMax(logs, i * head.classes());
        loss -= logs[i * head.classes() + label];
        if (best != label) {
          float probability = (float) Math.exp(logs[i * head.classes() + best]);
          mistakes.add(new Mistake(test.name(from + i), label, best, probability));
        }
      }
    }
    int count = test.count();
    return new TestResult(
        count, (double) (count - mistakes.size()) / count, loss / count, mistakes);
  }

  private float[] logProbabilities(Vectors test, int from, int size) {
    float[] values = new float[Math.multiplyExact(size, head.inputs())];
    for (int i = 0; i < size; i++) {
      test.copy(from + i, values, i * head.inputs());
    }
    try (TFloat32 batch = TFloat32.tensorOf(Shape.of(size, head.inputs()), DataBuffers.of(values));
        Result result = session.runner().feed(vectors, batch).fetch(logProbabilities).run()) {
      float[] logs = new float[size * head.classes()];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(logs);
      return logs;
    }
  }

  private int argMax(float[] values, int offset) {
    int best = 0;
    for (int i = 1; i < head.classes(); i++) {
      if (values[offset + i] > values[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

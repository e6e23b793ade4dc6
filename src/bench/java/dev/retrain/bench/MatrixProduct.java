package dev.retrain.bench;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The product of two square matrices, for TensorFlow's peak throughput.
 *
 * <p>Owns the native graph and session.
 */
final class MatrixProduct implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Operand<?> product;
  private final int size;

  /**
   * @param size rows and columns
   * @param type the elements' type
   * @param config sets the number of threads
   */
  <T extends TFloating> MatrixProduct(int size, Class<T> type, ConfigProto config) {
    this.size = size;
    Ops tf = Ops.create(graph);
    Variable<T> a = tf.variable(Shape.of(size, size), type);
    Variable<T> b = tf.variable(Shape.of(size, size), type);
    Operand<T> randomA = random(tf, type);
    Operand<T> randomB = random(tf, type);
    Operand<T> assignedA = tf.assign(a, randomA);
    Operand<T> assignedB = tf.assign(b, randomB);
    product = tf.linalg.matMul(a, b);
    session = new Session(graph, config);
    session.runner().addTarget(assignedA.op()).addTarget(assignedB.op()).run().close();
  }

  private <T extends TFloating> Operand<T> random(Ops tf, Class<T> type) {
    return tf.dtypes.cast(
        tf.random.randomStandardNormal(tf.constant(new long[] {size, size}), TFloat32.class), type);
  }

  /** Configures a session that runs on one core. */
  static ConfigProto oneThread() {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(1)
        .setInterOpParallelismThreads(-1)
        .build();
  }

  /** Multiplies several times; returns the number of operations in GFLOP. */
  double multiply(int times) {
    for (int i = 0; i < times; i++) {
      session.runner().addTarget(product.op()).run().close();
    }
    return 2e-9 * size * size * size * times;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

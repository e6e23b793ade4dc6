package dev.retrain.training.graph;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** The variables of a graph and the operations that initialize them. */
public final class Variables {
  private final List<Op> initializers = new ArrayList<>();

  /**
   * Adds a variable.
   *
   * @param tf scope
   * @param name name in that scope
   * @param path shared name, unique in the graph
   * @param initial initial value
   */
  VarHandleOp add(Ops tf, String name, String path, Operand<TFloat32> initial) {
    VarHandleOp variable =
        tf.withName(name)
            .varHandleOp(TFloat32.class, initial.shape(), VarHandleOp.sharedName(path));
    initializers.add(tf.withName(name + "_initial").assignVariableOp(variable, initial));
    return variable;
  }

  /**
   * Adds a variable that is initialized to zeros; the other parameters are those of {@link #add}.
   */
  VarHandleOp addZeros(Ops tf, String name, String path, Shape shape) {
    return add(tf, name, path, tf.fill(tf.constant(shape.asArray()), tf.constant(0f)));
  }

  /** Assigns all initial values. */
  public void initialize(Session session) {
    Session.Runner runner = session.runner();
    initializers.forEach(runner::addTarget);
    runner.run().close();
  }
}

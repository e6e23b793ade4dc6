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

/** The variables of a graph, with what they start from. */
public final class Variables {
  private final List<Op> initializers = new ArrayList<>();

  /**
   * Adds a variable.
   *
   * @param tf where
   * @param name its name there
   * @param path its name in the whole graph, where no other variable has it
   * @param initial what it starts from
   */
  VarHandleOp add(Ops tf, String name, String path, Operand<TFloat32> initial) {
    VarHandleOp variable =
        tf.withName(name)
            .varHandleOp(TFloat32.class, initial.shape(), VarHandleOp.sharedName(path));
    initializers.add(tf.withName(name + "_initial").assignVariableOp(variable, initial));
    return variable;
  }

  /** Adds a variable that starts from zero. */
  VarHandleOp addZeros(Ops tf, String name, String path, Shape shape) {
    return add(tf, name, path, tf.fill(tf.constant(shape.asArray()), tf.constant(0f)));
  }

  /** Lets all of them start. */
  public void initialize(Session session) {
    Session.Runner runner = session.runner();
    initializers.forEach(runner::addTarget);
    runner.run().close();
  }
}

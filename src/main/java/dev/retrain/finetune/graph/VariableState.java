package dev.retrain.finetune.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Variables of a graph, by name, with operations that read and assign them. */
final class VariableState {
  private record Entry(
      Shape shape, Output<TFloat32> value, Placeholder<TFloat32> assigned, Op assignment) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Adds a variable that exists in the graph. */
  void add(
      Ops tf, String name, Operand<? extends TType> handle, Output<TFloat32> value, Shape shape) {
    Placeholder<TFloat32> assigned = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    entries.put(name, new Entry(shape, value, assigned, tf.assignVariableOp(handle, assigned)));
  }

  /** Adds a new variable. */
  VarHandleOp create(Ops tf, String name, Shape shape) {
    return tf.withName(name.replace('/', '_') + "_variable")
        .varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
  }

  /** Adds a new variable, which {@link #assign} sets to zeros unless it has another value. */
  VarHandleOp addZeros(Ops tf, String name, Shape shape) {
    VarHandleOp handle = create(tf, name, shape);
    add(tf, name, handle, tf.readVariableOp(handle, TFloat32.class).asOutput(), shape);
    return handle;
  }

  /** The operation that reads a variable. */
  Output<TFloat32> value(String name) {
    return entries.get(name).value();
  }

  /** Number of values of each variable. */
  Map<String, Integer> lengths() {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    entries.forEach((name, entry) -> lengths.put(name, Math.toIntExact(entry.shape().size())));
    return lengths;
  }

  /**
   * Assigns all variables.
   *
   * @param values values by name; a variable without one becomes 0
   */
  void assign(Session session, Map<String, float[]> values) {
    // One run for all of them, because a session prepares each set of operations once.
    Session.Runner runner = session.runner();
    List<TFloat32> tensors = new ArrayList<>();
    try {
      entries.forEach(
          (name, entry) -> {
            float[] value = values.get(name);
            if (value == null) {
              value = new float[Math.toIntExact(entry.shape().size())];
            }
            TFloat32 tensor = TFloat32.tensorOf(entry.shape(), DataBuffers.of(value));
            tensors.add(tensor);
            runner.feed(entry.assigned(), tensor).addTarget(entry.assignment());
          });
      if (!tensors.isEmpty()) {
        runner.run().close();
      }
    } finally {
      tensors.forEach(TFloat32::close);
    }
  }

  /** Reads all variables. */
  VariableSnapshot snapshot(Session session) {
    Session.Runner runner = session.runner();
    entries.values().forEach(entry -> runner.fetch(entry.value()));
    return new VariableSnapshot(entries.keySet(), runner.run());
  }
}

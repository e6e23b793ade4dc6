package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Measures the moments of what a network's normalizations normalize, in the frozen network.
 *
 * <p>Owns graph and session; {@link #close()} frees them.
 */
public final class MomentsProbe implements AutoCloseable {
  private final Graph graph = TensorFlowRuntime.newGraph();
  private final List<Operand<TFloat32>> moments = new ArrayList<>();
  private final Session session;

  /**
   * @param network the network, with the inputs that are fed
   * @param normalizations its normalizations
   * @param threads the session's configuration
   */
  public MomentsProbe(GraphDef network, List<Normalization> normalizations, ConfigProto threads) {
    try {
      graph.importGraphDef(network);
      Ops tf = Ops.create(graph).withSubScope("moments");
      Operand<TInt32> positions = tf.constant(new int[] {0, 1, 2});
      for (Normalization normalization : normalizations) {
        Operand<TFloat32> x = TensorNames.operand(graph, normalization.input());
        Operand<TFloat32> mean = tf.math.mean(x, positions, Mean.keepDims(true));
        moments.add(tf.math.mean(x, positions));
        moments.add(tf.math.mean(tf.math.squaredDifference(x, mean), positions));
      }
      session = new Session(graph, threads);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /**
   * The moments of one batch, one element per normalization.
   *
   * @param feed feeds the network's inputs
   */
  public List<Moments> measure(UnaryOperator<Session.Runner> feed) {
    if (moments.isEmpty()) {
      return List.of();
    }
    Session.Runner runner = feed.apply(session.runner());
    moments.forEach(runner::fetch);
    try (Result result = runner.run()) {
      return read(result);
    }
  }

  /** Reads pairs of mean and variance. */
  public static List<Moments> read(Result result) {
    List<Moments> moments = new ArrayList<>();
    for (int i = 0; i < result.size(); i += 2) {
      moments.add(
          new Moments(
              FetchedTensors.floats(result.get(i)), FetchedTensors.floats(result.get(i + 1))));
    }
    return moments;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

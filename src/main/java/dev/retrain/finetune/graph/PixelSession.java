package dev.retrain.finetune.graph;

import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.input.NetworkInputs;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.util.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;

/**
 * Computes the vectors of decoded images with a frozen network.
 *
 * <p>Owns graph and session; {@link #close()} frees them.
 */
public final class PixelSession implements AutoCloseable {
  private final Graph graph = TensorFlowRuntime.newGraph();
  private final Session session;
  private final String vector;

  /**
   * @param inputs the inputs of the batches
   * @param network the network
   * @param input its input tensor, {@code name:index}
   * @param vector name of the node that computes its vectors
   * @param threads the session's configuration
   */
  public PixelSession(
      NetworkInputs inputs, GraphDef network, String input, String vector, ConfigProto threads) {
    this.vector = vector;
    try {
      graph.importGraphDef(inputs.connect(network, input));
      session = new Session(graph, threads);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Computes vectors.
   *
   * @param batch images
   * @return [images, vector length], flat
   */
  public float[] vectors(BatchTensors batch) {
    try (Result result = batch.feed(session.runner()).fetch(vector).run()) {
      return FetchedTensors.floats(result.get(0));
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

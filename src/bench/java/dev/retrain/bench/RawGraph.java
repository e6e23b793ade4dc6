package dev.retrain.bench;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * An original frozen graph, run as retrain.py does: one image at a time, on all cores.
 *
 * <p>Owns the native graph and session.
 */
final class RawGraph implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final String input;
  private final String output;
  private final int size;

  /**
   * @param definition the graph
   * @param input the input tensor
   * @param output the output tensor
   * @param size height and width of an image
   */
  RawGraph(GraphDef definition, String input, String output, int size) {
    this.input = input;
    this.output = output;
    this.size = size;
    graph.importGraphDef(definition);
    session = new Session(graph);
  }

  /** Computes the vector of an image, [size, size, 3]. */
  float[] vector(float[] image) {
    try (TFloat32 fed = TFloat32.tensorOf(Shape.of(1, size, size, 3), DataBuffers.of(image));
        Result result = session.runner().feed(input, fed).fetch(output).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] vector = new float[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asFloats().read(vector);
      return vector;
    }
  }

  /** Measures images per second. */
  double imagesPerSecond(List<float[]> images) {
    Clock clock = Clock.start();
    images.forEach(this::vector);
    return images.size() / clock.seconds();
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

package dev.retrain.backbone.graph;

import dev.retrain.util.RunWatchdog;
import dev.retrain.util.SessionConfigs;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * Finds the shapes of tensors that TensorFlow doesn't infer, such as those that come out of loops,
 * by running the graph on an image of zeros.
 *
 * @param name name of the backbone in messages
 * @param graph the graph
 * @param input the tensor that accepts images
 * @param height pixels
 * @param width pixels
 */
public record ShapeProbe(String name, Graph graph, String input, int height, int width) {
  /**
   * The shape of a tensor.
   *
   * @param tensor {@code name:index}
   * @return the shape, with a variable first dimension
   * @throws IllegalArgumentException if the first dimension is not that of images
   * @throws org.tensorflow.exceptions.TensorFlowException if the graph can't be run
   */
  Shape shape(String tensor) {
    try (Session session = new Session(graph, SessionConfigs.SINGLE_THREADED);
        TFloat32 zeros =
            TFloat32.tensorOf(
                Shape.of(1, height, width, 3), DataBuffers.of(new float[height * width * 3]));
        Result result =
            RunWatchdog.watch(
                "Backbone " + name,
                () -> session.runner().feed(input, zeros).fetch(tensor).run())) {
      Shape shape = result.get(0).shape();
      if (shape.numDimensions() == 0 || shape.get(0) != 1) {
        throw new IllegalArgumentException(
            "feature tensor %s has shape %s for one image".formatted(tensor, shape));
      }
      return shape.tail().prepend(Shape.UNKNOWN_SIZE);
    }
  }
}

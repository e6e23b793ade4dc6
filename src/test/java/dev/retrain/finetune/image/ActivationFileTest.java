package dev.retrain.finetune.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.finetune.input.ActivationInputs;
import dev.retrain.finetune.input.BatchInputs;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

class ActivationFileTest {
  private static final int IMAGES = 70;

  @TempDir private Path directory;

  /** The cut has the row means times 3, [rows, 3]; the output is twice that. */
  private static GraphDef network() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var images =
          tf.withName("input")
              .placeholder(
                  TFloat32.class,
                  Placeholder.shape(Shape.of(-1, PixelSamples.HEIGHT, PixelSamples.WIDTH, 3)));
      var means = tf.math.mean(images, tf.constant(2));
      var cut = tf.withName("cut").math.mul(means, tf.constant(3f));
      tf.withName("output").math.mul(cut, tf.constant(2f));
      return graph.toGraphDef();
    }
  }

  private ActivationFile activations(PixelFile pixels) throws IOException {
    return ActivationFile.create(
        directory,
        pixels,
        new BatchInputs(PixelSamples.SIZE, Set.of()),
        network(),
        "input:0",
        "cut",
        PixelSamples.HEIGHT * 3,
        Progress.NONE);
  }

  private static float expected(float[] image, int row, int channel) {
    double sum = 0;
    for (int x = 0; x < PixelSamples.WIDTH; x++) {
      sum += image[3 * (row * PixelSamples.WIDTH + x) + channel];
    }
    return (float) (3 * sum / PixelSamples.WIDTH);
  }

  @Test
  void networkContinuesFromTheStoredValues() throws IOException {
    int[] chosen = {69, 0, 33};
    ImageTargets targets = new ImageTargets(new int[IMAGES], 2, 0);
    ActivationInputs inputs = new ActivationInputs("cut", List.of(PixelSamples.HEIGHT, 3));
    try (PixelFile pixels = PixelSamples.pixels(directory, IMAGES);
        ActivationFile activations = activations(pixels);
        Graph graph = new Graph()) {
      graph.importGraphDef(inputs.connect(network(), "input:0"));
      ActivationBatches batches = new ActivationBatches(activations, inputs, targets);
      try (Session session = new Session(graph);
          BatchTensors batch = batches.build(chosen, 1, 0);
          Result result = batch.feed(session.runner()).fetch("output").run()) {
        float[] values = FetchedTensors.floats(result.get(0));
        assertThat(values).hasSize(3 * PixelSamples.HEIGHT * 3);
        for (int i = 0; i < values.length; i++) {
          int row = i / 3 % PixelSamples.HEIGHT;
          float[] image = PixelSamples.image(pixels, chosen[i / (3 * PixelSamples.HEIGHT)]);
          float exact = 2 * expected(image, row, i % 3);
          assertThat(values[i]).isCloseTo(exact, within(exact * 1e-6f));
        }
        assertThat(FetchedTensors.floats(batch.targets())).containsExactly(1, 0, 1, 0, 1, 0);
        assertThat(FetchedTensors.floats(batch.weights())).containsExactly(1, 1, 1);
      }
    }
  }
}

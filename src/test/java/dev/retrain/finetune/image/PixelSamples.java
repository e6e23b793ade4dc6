package dev.retrain.finetune.image;

import dev.retrain.finetune.input.BatchInputs;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.TestImages;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.util.Progress;
import dev.retrain.util.SessionConfigs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;

/** Images of noise as files, as pixels and as a graph sees them. */
final class PixelSamples {
  static final int HEIGHT = 12;
  static final int WIDTH = 16;
  static final int LENGTH = HEIGHT * WIDTH * 3;
  static final Preprocessing SIZE = new Preprocessing(HEIGHT, WIDTH, 0, 1);

  private PixelSamples() {}

  static List<Path> files(Path directory, int count) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(
          Files.write(
              directory.resolve(i + ".png"),
              TestImages.file(TestImages.noise(WIDTH, HEIGHT, i), "png")));
    }
    return files;
  }

  static PixelFile pixels(Path directory, int count) throws IOException {
    return PixelFile.create(directory, files(directory, count), SIZE, Progress.NONE);
  }

  /** The values of an image, 0 to 255. */
  static float[] image(PixelFile pixels, int index) {
    byte[] bytes = new byte[pixels.height() * pixels.width() * 3];
    pixels.read(index, ByteBuffer.wrap(bytes));
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return values;
  }

  /** The images of a batch as they are distorted, one after another; closes the batch. */
  static List<float[]> distorted(BatchInputs inputs, BatchTensors batch) {
    try (Graph graph = new Graph();
        batch) {
      graph.importGraphDef(inputs.graph());
      try (Session session = new Session(graph, SessionConfigs.SINGLE_THREADED);
          Result result = batch.feed(session.runner()).fetch(BatchInputs.DISTORTED).run()) {
        float[] all = FetchedTensors.floats(result.get(0));
        long images = batch.targets().shape().get(0);
        int length = Math.toIntExact(all.length / images);
        List<float[]> distorted = new ArrayList<>();
        for (int i = 0; i < all.length; i += length) {
          distorted.add(Arrays.copyOfRange(all, i, i + length));
        }
        return distorted;
      }
    }
  }
}

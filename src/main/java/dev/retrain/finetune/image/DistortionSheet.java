package dev.retrain.finetune.image;

import dev.retrain.finetune.input.BatchInputs;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.image.Preprocessing;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;

/** Draws training images as the network sees them, before their values are normalized. */
public final class DistortionSheet {
  private static final int COLUMNS = 4;
  private static final int MAX_IMAGES = COLUMNS * COLUMNS;
  private static final int MAX_VALUE = 255;

  private DistortionSheet() {}

  /**
   * Draws up to 16 images of a batch, row by row, four in a row.
   *
   * @param batches builds the batch
   * @param images the batch's images, at least 1
   * @param epoch index of the epoch
   * @return without an alpha channel, black where there are no images
   */
  public static BufferedImage draw(BatchBuilder batches, int[] images, int epoch) {
    int count = Math.min(MAX_IMAGES, images.length);
    int[] shown = Arrays.copyOf(images, count);
    int next = images[count % images.length];
    int height = batches.pixels().height();
    int width = batches.pixels().width();
    BatchInputs inputs = batches.inputs(new Preprocessing(height, width, 0, 1));
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      graph.importGraphDef(inputs.graph());
      try (Session session = new Session(graph, SessionConfigs.SINGLE_THREADED);
          BatchTensors batch = batches.build(shown, next, epoch);
          Result result = batch.feed(session.runner()).fetch(BatchInputs.DISTORTED).run()) {
        return arrange(FetchedTensors.floats(result.get(0)), count, height, width);
      }
    }
  }

  private static BufferedImage arrange(float[] values, int count, int height, int width) {
    int columns = Math.min(COLUMNS, count);
    int rows = (count + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(columns * width, rows * height, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < count * height * width; pixel++) {
      int image = pixel / (height * width);
      int x = image % columns * width + pixel % width;
      int y = image / columns * height + pixel / width % height;
      sheet.setRGB(x, y, rgb(values, 3 * pixel));
    }
    return sheet;
  }

  private static int rgb(float[] values, int first) {
    int color = 0;
    for (int i = first; i < first + 3; i++) {
      color = color << Byte.SIZE | Math.max(0, Math.min(MAX_VALUE, Math.round(values[i])));
    }
    return color;
  }
}

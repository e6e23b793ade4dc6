package dev.retrain.finetune;

import dev.retrain.finetune.image.BatchBuilder;
import dev.retrain.finetune.image.ImageTargets;
import dev.retrain.finetune.image.PixelFile;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.finetune.network.TrainableNetworkBuilder;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.TestImages;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import dev.retrain.util.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/** A network with two convolutions, images of 8 x 8 pixels, and how it is fine-tuned on them. */
final class SmallTraining implements AutoCloseable {
  static final int SIZE = 8;
  static final int CLASSES = 3;
  static final String INPUT = "images:0";
  static final String VECTOR = "vector";
  static final Preprocessing PREPROCESSING = new Preprocessing(SIZE, SIZE, 127.5f, 127.5f);
  private static final int VECTOR_LENGTH = 6;

  private final PixelFile pixels;
  private final int[] labels;

  private SmallTraining(PixelFile pixels, int[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /** Images of noise, whose mean depends on the class. */
  static SmallTraining create(Path directory, int images) throws IOException {
    List<Path> files = new ArrayList<>();
    int[] labels = new int[images];
    for (int i = 0; i < images; i++) {
      labels[i] = i % CLASSES;
      Path file = directory.resolve(i + ".png");
      Files.write(file, TestImages.file(TestImages.noise(SIZE, SIZE, i), "png"));
      files.add(file);
    }
    return new SmallTraining(
        PixelFile.create(directory, files, PREPROCESSING, Progress.NONE), labels);
  }

  /** The same images with other labels. */
  SmallTraining withLabels(int[] others) {
    return new SmallTraining(pixels, others);
  }

  int[] labels() {
    return labels.clone();
  }

  static GraphDef network() {
    Random random = new Random(3);
    return Graphs.of(
        tf -> {
          Operand<TFloat32> images = Graphs.images(tf, "images", SIZE, SIZE);
          List<Long> strides = List.of(1L, 2L, 2L, 1L);
          Operand<TFloat32> first =
              tf.nn.relu(
                  tf.nn.biasAdd(
                      tf.nn.conv2d(images, constant(tf, random, 3, 3, 3, 5), strides, "SAME"),
                      constant(tf, random, 5)));
          Operand<TFloat32> second =
              tf.nn.relu6(
                  tf.nn.biasAdd(
                      tf.nn.conv2d(
                          first, constant(tf, random, 3, 3, 5, VECTOR_LENGTH), strides, "SAME"),
                      constant(tf, random, VECTOR_LENGTH)));
          tf.withName(VECTOR).math.mean(second, tf.constant(new int[] {1, 2}));
        });
  }

  private static Operand<TFloat32> constant(Ops tf, Random random, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.3 * random.nextGaussian());
    }
    return tf.constant(shape, DataBuffers.of(values));
  }

  static Head head() {
    Random random = new Random(5);
    float[] weights = new float[VECTOR_LENGTH * CLASSES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return new Head(new DenseWeights(VECTOR_LENGTH, CLASSES, weights, new float[CLASSES]));
  }

  /** A trainer of the whole network. */
  FineTuner tuner(FineTuneOptions options) {
    return tuner(options, Set.of());
  }

  /**
   * A trainer.
   *
   * @param fixed names of the nodes whose parameters are not trained
   */
  FineTuner tuner(FineTuneOptions options, Set<String> fixed) {
    TrainableNetwork network = TrainableNetworkBuilder.build(network(), fixed);
    return new FineTuner(
        network, INPUT, VECTOR, PREPROCESSING, batches(options), options, FineTuner.session(2));
  }

  BatchBuilder batches(FineTuneOptions options) {
    return batches(options, new ImageTargets(labels, CLASSES, options.labelSmoothing()));
  }

  /** Batches with other targets. */
  BatchBuilder batches(FineTuneOptions options, ImageTargets targets) {
    return new BatchBuilder(pixels, targets, options.distortions(), options.seed());
  }

  /** The values of the first images as the network reads them, [count, 8, 8, 3]. */
  static float[] normalized(int count) {
    float[] scaled = new float[count * SIZE * SIZE * 3];
    for (int n = 0, next = 0; n < count; n++) {
      BufferedImage image = TestImages.noise(SIZE, SIZE, n);
      for (int pixel = 0; pixel < SIZE * SIZE; pixel++) {
        int rgb = image.getRGB(pixel % SIZE, pixel / SIZE);
        for (int shift = 16; shift >= 0; shift -= 8) {
          scaled[next++] = (((rgb >> shift) & 255) - 127.5f) / 127.5f;
        }
      }
    }
    return scaled;
  }

  @Override
  public void close() throws IOException {
    pixels.close();
  }
}

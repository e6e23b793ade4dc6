package dev.retrain.job.finetune;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.finetune.graph.PixelSession;
import dev.retrain.finetune.image.BatchBuilder;
import dev.retrain.finetune.image.ImageDistortions;
import dev.retrain.finetune.image.ImageTargets;
import dev.retrain.finetune.image.PixelFile;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.image.Preprocessing;
import dev.retrain.training.Head;
import dev.retrain.util.EvenIndexes;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;

/**
 * Decoded images of a set, on which networks are evaluated: all of them, or {@value #MAX_IMAGES} at
 * even distances if there are more.
 *
 * <p>Owns the decoded images; {@link #close()} frees them.
 */
final class DecodedSet implements AutoCloseable {
  /** The standard error of an accuracy is half a percentage point at most. */
  static final int MAX_IMAGES = 10_000;

  private static final int MIN_IMAGES = 100;

  /** Their vectors take at most this part of the heap. */
  private static final int HEAP_SHARE = 8;

  private static final int BATCH = 128;

  private final Vectors images;
  private final int[] chosen;
  private final PixelFile pixels;
  private final FineTuneNetwork network;
  private final Preprocessing preprocessing;
  private final BiFunction<Head, Vectors, Assessment> assess;
  private final ConfigProto threads;

  private DecodedSet(
      Vectors images,
      int[] chosen,
      PixelFile pixels,
      FineTuneNetwork network,
      Preprocessing preprocessing,
      BiFunction<Head, Vectors, Assessment> assess,
      ConfigProto threads) {
    this.images = images;
    this.chosen = chosen;
    this.pixels = pixels;
    this.network = network;
    this.preprocessing = preprocessing;
    this.assess = assess;
    this.threads = threads;
  }

  /**
   * Decodes images.
   *
   * @param directory where they are stored
   * @param images the set
   * @param network the network that is fine-tuned
   * @param preprocessing how images are decoded and normalized
   * @param assess evaluates a head on vectors
   * @param threads configuration of the sessions
   * @param progress counts the images, and can cancel the work
   * @throws IOException if a file can't be written
   */
  static DecodedSet create(
      Path directory,
      Vectors images,
      FineTuneNetwork network,
      Preprocessing preprocessing,
      BiFunction<Head, Vectors, Assessment> assess,
      ConfigProto threads,
      Progress progress)
      throws IOException {
    long fitting = Runtime.getRuntime().maxMemory() / HEAP_SHARE / Float.BYTES / images.length();
    int count = (int) Math.min(images.count(), Math.min(MAX_IMAGES, Math.max(MIN_IMAGES, fitting)));
    int[] chosen = EvenIndexes.of(images.count(), count).toArray();
    PixelFile pixels =
        PixelFile.create(
            directory,
            IntStream.of(chosen).mapToObj(i -> ImageFiles.find(images.name(i))).toList(),
            preprocessing,
            progress);
    return new DecodedSet(images, chosen, pixels, network, preprocessing, assess, threads);
  }

  /**
   * Evaluates a network.
   *
   * @param tuned the network, frozen
   * @param head its head
   */
  Assessment assess(GraphDef tuned, Head head) {
    BatchBuilder batches =
        new BatchBuilder(
            pixels, new ImageTargets(new int[chosen.length], 1, 0), ImageDistortions.NONE, 0);
    int length = head.inputs();
    float[] vectors = new float[Math.multiplyExact(chosen.length, length)];
    try (PixelSession session =
        new PixelSession(
            batches.inputs(preprocessing), tuned, network.input(), network.vector(), threads)) {
      for (int from = 0; from < chosen.length; from += BATCH) {
        int[] part = IntStream.range(from, Math.min(chosen.length, from + BATCH)).toArray();
        try (BatchTensors batch = batches.buildUndistorted(part)) {
          float[] values = session.vectors(batch);
          System.arraycopy(values, 0, vectors, from * length, values.length);
        }
      }
    }
    return assess.apply(head, new DecodedVectors(images, chosen, vectors, length));
  }

  @Override
  public void close() throws IOException {
    pixels.close();
  }
}

package dev.retrain.job.finetune;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.finetune.EpochResult;
import dev.retrain.finetune.FineTuneListener;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.FineTuneResult;
import dev.retrain.finetune.FineTuned;
import dev.retrain.finetune.FineTuner;
import dev.retrain.finetune.graph.FineTuneGraph.StepMetrics;
import dev.retrain.finetune.image.BatchBuilder;
import dev.retrain.finetune.image.ImageDistortions;
import dev.retrain.finetune.image.ImageTargets;
import dev.retrain.finetune.image.PixelFile;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.ConfigProto;

/** Measures the speed of a fine-tuning by a few updates. */
final class FineTuneProbe implements FineTuneListener {
  private static final Logger LOG = LoggerFactory.getLogger(FineTuneProbe.class);

  private static final int BATCH = 32;

  /** The first update is slower: TensorFlow prepares the graph. */
  private static final int UPDATES = 4;

  private long started;
  private double imagesPerSecond;

  private FineTuneProbe() {}

  /**
   * @param network the network
   * @param backbone the backbone that it was prepared from
   * @param distortions how images are distorted
   * @param sample image files, which are repeated if there are too few
   * @return absent if none of them can be read
   */
  static OptionalDouble imagesPerSecond(
      FineTuneNetwork network,
      Backbone backbone,
      ImageDistortions distortions,
      List<Path> sample,
      Progress progress)
      throws IOException {
    Preprocessing size = backbone.preprocessing();
    List<Path> readable = readable(sample, size);
    if (readable.isEmpty()) {
      return OptionalDouble.empty();
    }
    int vectorLength;
    try (BackboneSession session = new BackboneSession(backbone)) {
      vectorLength = session.vectorLength();
    }
    Path directory = Files.createTempDirectory("retrain-");
    try (PixelFile pixels = PixelFile.create(directory, repeated(readable), size, Progress.NONE)) {
      FineTuneOptions options =
          FineTuneOptions.builder(pixels.count()).batchSize(BATCH).epochs(1).build();
      FineTuneProbe probe = new FineTuneProbe();
      ConfigProto threads = FineTuner.session(Runtime.getRuntime().availableProcessors());
      FineTuneResult result =
          new FineTuner(
                  network.network(),
                  network.input(),
                  network.vector(),
                  size,
                  new BatchBuilder(
                      pixels,
                      new ImageTargets(new int[pixels.count()], 2, 0),
                      distortions,
                      options.seed()),
                  options,
                  threads)
              .train(head(vectorLength), probe, progress);
      if (result.ending() == FineTuneResult.Ending.CANCELLED) {
        throw new CancelledException("Interrupted.");
      }
      return OptionalDouble.of(probe.imagesPerSecond);
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  private static List<Path> readable(List<Path> sample, Preprocessing size) {
    try (ImageDecoder decoder = new ImageDecoder(size)) {
      return sample.stream().filter(file -> isReadable(decoder, file)).toList();
    }
  }

  private static boolean isReadable(ImageDecoder decoder, Path file) {
    try {
      decoder.decode(RegularFile.read(file));
      return true;
    } catch (IOException | UnreadableImageException | OutOfMemoryError e) {
      LOG.debug("{} is not sampled", file, e);
      return false;
    }
  }

  private static List<Path> repeated(List<Path> sample) {
    int copies = (BATCH * UPDATES + sample.size() - 1) / sample.size();
    return Collections.nCopies(copies, sample).stream()
        .flatMap(List::stream)
        .limit((long) BATCH * UPDATES)
        .toList();
  }

  private static Head head(int vectorLength) {
    return new Head(new DenseWeights(vectorLength, 2, new float[2 * vectorLength], new float[2]));
  }

  @Override
  public void updated(int step, float rate, StepMetrics metrics) {
    if (step == 1) {
      started = System.nanoTime();
    } else {
      imagesPerSecond = (step - 1) * BATCH / ((System.nanoTime() - started) / 1e9);
    }
  }

  @Override
  public double epochEnded(EpochResult epoch, FineTuned tuned) {
    return 0;
  }
}

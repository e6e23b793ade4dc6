package dev.retrain.finetune;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which images each update uses. Every epoch takes the images in another random order, which is
 * determined by the seed and the epoch, so that a training can resume at any update.
 *
 * <p>The images that do not fill the last update of an epoch are not used in this epoch. Few images
 * are divided into smaller batches, so that few of them are left.
 *
 * @param images number of training images, at least 1
 * @param batchSize images of a batch
 * @param batchesPerUpdate batches of an update
 * @param updatesPerEpoch updates of an epoch, at least 1
 * @param epochs number of epochs
 * @param seed seed of the order
 */
record TrainingPlan(
    int images, int batchSize, int batchesPerUpdate, int updatesPerEpoch, int epochs, long seed) {
  /** Images from which moments are measured. */
  private static final int MOMENT_IMAGES = 2048;

  /** With this many batches or more, the images that fill no whole batch are few. */
  private static final int MANY_BATCHES = 10;

  /**
   * A batch.
   *
   * @param epoch index of its epoch, from 0
   * @param images indexes of its images
   * @param next index of the image that follows them in the order of the epoch; of the first one
   *     after the last one
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Batch(int epoch, int[] images, int next) {}

  static TrainingPlan of(int images, FineTuneOptions options) {
    if (images < 1) {
      throw new IllegalArgumentException("There are no training images.");
    }
    int size = Math.min(options.batchSize(), images);
    int wanted = (images + size - 1) / size;
    if (wanted < MANY_BATCHES) {
      // The moments of a single image say little about the others.
      size = Math.max(Math.min(2, images), images / wanted);
    }
    int batches = images / size;
    int together = Math.min(options.accumulate(), batches);
    int updates = batches / together;
    if ((long) updates * options.epochs() > Integer.MAX_VALUE) {
      throw new InvalidSettingException(
          Setting.FINE_TUNE_EPOCHS,
          "must be at most %,d, because an epoch has %,d updates, but is %d",
          Integer.MAX_VALUE / updates,
          updates,
          options.epochs());
    }
    return new TrainingPlan(images, size, together, updates, options.epochs(), options.seed());
  }

  /** Number of all updates. */
  int steps() {
    return epochs * updatesPerEpoch;
  }

  /** Images of an update. */
  int imagesPerUpdate() {
    return batchSize * batchesPerUpdate;
  }

  /**
   * The batches from an update on.
   *
   * @param step index of the update, from 0
   */
  Iterator<Batch> from(int step) {
    return IntStream.range(step / updatesPerEpoch, epochs)
        .boxed()
        .flatMap(
            epoch -> {
              int[] order = order(epoch);
              int first = Math.max(0, step - epoch * updatesPerEpoch) * batchesPerUpdate;
              return IntStream.range(first, updatesPerEpoch * batchesPerUpdate)
                  .mapToObj(batch -> new Batch(epoch, slice(order, batch), next(order, batch)));
            })
        .iterator();
  }

  /**
   * The batches from which moments are measured: all images, or 2,048 of them at random; always the
   * same ones.
   */
  List<int[]> momentBatches() {
    int[] order = order(-1);
    List<int[]> batches = new ArrayList<>();
    int count = Math.max(1, Math.min(images, MOMENT_IMAGES) / batchSize);
    for (int batch = 0; batch < count; batch++) {
      batches.add(slice(order, batch));
    }
    return batches;
  }

  private int next(int[] order, int batch) {
    return order[(batch + 1) * batchSize % images];
  }

  private int[] slice(int[] order, int batch) {
    return Arrays.copyOfRange(order, batch * batchSize, (batch + 1) * batchSize);
  }

  private int[] order(int epoch) {
    int[] order = IntStream.range(0, images).toArray();
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + epoch);
    for (int i = images - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int image = order[i];
      order[i] = order[other];
      order[other] = image;
    }
    return order;
  }
}

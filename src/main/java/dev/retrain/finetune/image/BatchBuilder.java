package dev.retrain.finetune.image;

import dev.retrain.finetune.graph.BatchInputs;
import dev.retrain.finetune.graph.BatchTensors;
import dev.retrain.finetune.graph.DistortionStage;
import dev.retrain.image.Preprocessing;
import java.util.Arrays;
import java.util.Set;
import org.tensorflow.types.TFloat32;

/**
 * Builds batches of training images. A batch depends only on the seed, the epoch and its images;
 * several threads may build different ones at once.
 *
 * @param pixels the images
 * @param targets what the network learns about them
 * @param distortions how they are distorted
 * @param seed seed of the distortions
 */
public record BatchBuilder(
    PixelFile pixels, ImageTargets targets, ImageDistortions distortions, long seed) {
  public BatchBuilder {
    if (pixels.count() != targets.count()) {
      throw new IllegalArgumentException(
          "there are %s images but %s labels".formatted(pixels.count(), targets.count()));
    }
  }

  /** The number of images. */
  public int count() {
    return targets.count();
  }

  /**
   * The inputs of a graph that takes these batches.
   *
   * @param preprocessing size and normalization of the images
   */
  public BatchInputs inputs(Preprocessing preprocessing) {
    return new BatchInputs(preprocessing, distortions.stages());
  }

  /**
   * Builds a batch.
   *
   * @param images indexes of its images
   * @param next the image that follows the last one in the epoch's order, with which mixup mixes
   *     the last one; the other images are mixed with their successors, so that the size of batches
   *     changes no mixture
   * @param epoch index of the epoch, from 0
   * @return to be closed
   */
  public BatchTensors build(int[] images, int next, int epoch) {
    int[] order = order(images, next);
    Set<DistortionStage> stages = distortions.stages();
    int length = DistortionStage.identity(stages).length;
    float[] numbers = new float[order.length * length];
    DistortionSampler sampler = new DistortionSampler(distortions, seed);
    for (int i = 0; i < order.length; i++) {
      sampler
          .draw(epoch, order[i], pixels.height(), pixels.width(), pixels.grayMean(order[i]))
          .write(stages, numbers, i * length);
    }
    return build(images, order, numbers);
  }

  /** Builds a batch of images that are not distorted. */
  public BatchTensors buildUndistorted(int[] images) {
    int[] order = order(images, images[0]);
    float[] identity = DistortionStage.identity(distortions.stages());
    float[] numbers = new float[order.length * identity.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(identity, 0, numbers, i * identity.length, identity.length);
    }
    return build(images, order, numbers);
  }

  private int[] order(int[] images, int next) {
    if (!distortions.has(DistortionKind.MIXUP)) {
      return images;
    }
    int[] order = Arrays.copyOf(images, images.length + 1);
    order[images.length] = next;
    return order;
  }

  private BatchTensors build(int[] images, int[] order, float[] numbers) {
    int length = numbers.length / order.length;
    BatchTensors batch =
        BatchTensors.allocate(
            images.length,
            order.length,
            pixels.height(),
            pixels.width(),
            length,
            targets.classes());
    try {
      for (int i = 0; i < order.length; i++) {
        pixels.read(order[i], batch.image(i));
      }
      write(batch.distortions(), numbers);
      writeTargets(batch, order, numbers, length);
      return batch;
    } catch (RuntimeException | Error e) {
      batch.close();
      throw e;
    }
  }

  private void writeTargets(BatchTensors batch, int[] order, float[] numbers, int length) {
    Set<DistortionStage> stages = distortions.stages();
    boolean mixed = stages.contains(DistortionStage.MIX);
    int size = mixed ? order.length - 1 : order.length;
    float[] probabilities = new float[size * targets.classes()];
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      int other = order[mixed ? i + 1 : i];
      double share = mixed ? numbers[i * length + DistortionStage.MIX.offset(stages)] : 1;
      targets.write(order[i], other, share, probabilities, i * targets.classes());
      weights[i] = (float) targets.weight(order[i], other, share);
    }
    write(batch.targets(), probabilities);
    write(batch.weights(), weights);
  }

  private static void write(TFloat32 tensor, float[] values) {
    tensor.asRawTensor().data().asFloats().write(values);
  }
}

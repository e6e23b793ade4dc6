package dev.retrain.finetune.image;

import dev.retrain.finetune.input.BatchInputs;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.input.DistortionStage;
import dev.retrain.finetune.input.ImageTensors;
import dev.retrain.image.Preprocessing;
import java.util.Arrays;
import java.util.Set;

/**
 * Builds batches of images, which are distorted. A batch depends only on the seed, the epoch and
 * its images.
 *
 * @param pixels the images
 * @param targets what the network learns about them
 * @param distortions how they are distorted
 * @param seed seed of the distortions
 */
public record BatchBuilder(
    PixelFile pixels, ImageTargets targets, ImageDistortions distortions, long seed)
    implements BatchSource {
  public BatchBuilder {
    if (pixels.count() != targets.count()) {
      throw new IllegalArgumentException(
          "there are %s images but %s labels".formatted(pixels.count(), targets.count()));
    }
  }

  @Override
  public int count() {
    return targets.count();
  }

  @Override
  public BatchInputs inputs(Preprocessing preprocessing) {
    return new BatchInputs(preprocessing, distortions.stages());
  }

  @Override
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

  @Override
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
    ImageTensors inputs =
        ImageTensors.allocate(order.length, pixels.height(), pixels.width(), length);
    BatchTensors batch = BatchTensors.allocate(inputs, images.length, targets.classes());
    try {
      for (int i = 0; i < order.length; i++) {
        pixels.read(order[i], inputs.image(i));
      }
      inputs.distortions().asRawTensor().data().asFloats().write(numbers);
      writeTargets(batch, order, numbers, length);
      return batch;
    } catch (RuntimeException | Error e) {
      batch.close();
      throw e;
    }
  }

  private void writeTargets(BatchTensors batch, int[] order, float[] numbers, int length) {
    Set<DistortionStage> stages = distortions.stages();
    if (!stages.contains(DistortionStage.MIX)) {
      targets.write(batch, order);
      return;
    }
    float[] shares = new float[order.length - 1];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = numbers[i * length + DistortionStage.MIX.offset(stages)];
    }
    targets.writeMixed(batch, order, shares);
  }
}

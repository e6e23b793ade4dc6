package dev.retrain.finetune.image;

import dev.retrain.finetune.graph.BatchTensors;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.ndarray.buffer.IntDataBuffer;

/**
 * Builds batches of training images.
 *
 * @param pixels the images
 * @param labels class of each image
 * @param classes number of classes
 * @param height rows
 * @param width columns
 * @param distortions how images are distorted
 * @param labelSmoothing fraction of each label that is distributed evenly over all classes
 * @param seed seed of the distortions
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record BatchBuilder(
    PixelFile pixels,
    int[] labels,
    int classes,
    int height,
    int width,
    ImageDistortions distortions,
    double labelSmoothing,
    long seed) {
  /**
   * Builds a batch.
   *
   * @param images indexes of its images
   * @param epoch index of the epoch, from 0, on which the distortions depend
   * @return to be closed
   */
  public BatchTensors build(int[] images, int epoch) {
    BatchTensors batch = BatchTensors.allocate(images.length, height, width, classes);
    float[] targets = new float[images.length * classes];
    float[] weights = new float[images.length];
    for (int i = 0; i < images.length; i++) {
      SplittableRandom random = ImageDistortions.random(seed, epoch, images[i]);
      write(batch, i, images[i], distortions.draw(random, height, width));
      weights[i] = weight(random);
    }
    int[] partners = partners(images.length);
    for (int i = 0; i < images.length; i++) {
      addTarget(targets, i, labels[images[i]], weights[i]);
      addTarget(targets, i, labels[images[partners[i]]], 1 - weights[i]);
    }
    floats(batch.targets()).write(targets);
    floats(batch.weights()).write(weights);
    IntDataBuffer partnerBuffer = batch.partners().asRawTensor().data().asInts();
    partnerBuffer.write(partners);
    return batch;
  }

  /** Builds a batch of images without distortion. */
  public BatchTensors buildUndistorted(int[] images) {
    return new BatchBuilder(
            pixels, labels, classes, height, width, ImageDistortions.NONE, labelSmoothing, seed)
        .build(images, 0);
  }

  private void write(BatchTensors batch, int index, int image, ImageDistortions.Drawn drawn) {
    ByteBuffer bytes = pixels.image(image);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    ByteDataBuffer target = batch.images().asRawTensor().data();
    target.slice((long) index * copy.length, copy.length).write(copy);
    floats(batch.transforms()).slice(8L * index, 8).write(drawn.transform());
    floats(batch.colors()).slice(3L * index, 3).write(drawn.color());
    floats(batch.erased()).slice(4L * index, 4).write(drawn.erased());
  }

  private static FloatDataBuffer floats(org.tensorflow.types.TFloat32 tensor) {
    return tensor.asRawTensor().data().asFloats();
  }

  /** Each image is mixed with its successor in the batch, whose images are in random order. */
  private static int[] partners(int size) {
    int[] partners = new int[size];
    for (int i = 0; i < size; i++) {
      partners[i] = (i + 1) % size;
    }
    return partners;
  }

  /** A draw from Beta(mixup, mixup), the larger part. */
  private float weight(SplittableRandom random) {
    if (distortions.mixup() == 0) {
      return 1;
    }
    double one = gamma(random, distortions.mixup());
    double other = gamma(random, distortions.mixup());
    double weight = one + other == 0 ? 1 : one / (one + other);
    return (float) Math.max(weight, 1 - weight);
  }

  /** G. Marsaglia and W. Tsang, A Simple Method for Generating Gamma Variables, 2000. */
  private static double gamma(SplittableRandom random, double shape) {
    double boost = shape < 1 ? Math.pow(random.nextDouble(), 1 / shape) : 1;
    double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = 1 + c * x;
      double cube = v * v * v;
      if (v > 0 && Math.log(random.nextDouble()) < x * x / 2 + d - d * cube + d * Math.log(cube)) {
        return boost * d * cube;
      }
    }
  }

  private void addTarget(float[] targets, int image, int label, double weight) {
    for (int c = 0; c < classes; c++) {
      double target = labelSmoothing / classes + (c == label ? 1 - labelSmoothing : 0);
      targets[image * classes + c] += (float) (weight * target);
    }
  }
}

package dev.retrain.finetune.image;

import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.input.NetworkInputs;
import dev.retrain.image.Preprocessing;

/**
 * Builds batches of training images. A batch depends only on the epoch and its images; several
 * threads may build different ones at once.
 */
public interface BatchSource {
  /** The number of images. */
  int count();

  /** What a network learns about them. */
  ImageTargets targets();

  /**
   * The inputs of a graph that is fed these batches.
   *
   * @param preprocessing size and normalization of the images
   */
  NetworkInputs inputs(Preprocessing preprocessing);

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
  BatchTensors build(int[] images, int next, int epoch);

  /** Builds a batch of images that are not distorted; the caller closes it. */
  BatchTensors buildUndistorted(int[] images);
}

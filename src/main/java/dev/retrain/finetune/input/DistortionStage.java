package dev.retrain.finetune.input;

import java.util.Set;

/**
 * The steps of distorting a batch of images, in this order. A graph has only those that it needs,
 * and each image has the numbers of these steps, one after another.
 */
public enum DistortionStage {
  /** A bit mask of the values, and the largest value that is not inverted; both 0 to 255. */
  TONE,
  /**
   * 1, or -1 for a horizontal flip; then right and down of the point that is shown at the top left,
   * in whole pixels and at most the image's size. The image is reflected at its edges.
   */
  SHIFT,
  /** Top, left, bottom and right of the part that is shown: 0 and 1 are the outermost pixels. */
  BOX,
  /**
   * The affine transform from output to input coordinates, as TensorFlow's
   * ImageProjectiveTransformV3 takes it. The image is reflected at its edges.
   */
  WARP,
  /** Factor and offset of all values. */
  BRIGHTNESS,
  /** Factor and offset of all values, and factor of a pixel's luminance, which is added. */
  SATURATION,
  /** Top, left, bottom and right of the gray rectangle in pixels, the last two excluded. */
  ERASE,
  /** Share of the image in the mixture with the next image of the batch. */
  MIX;

  private float[] identity() {
    return switch (this) {
      case TONE -> new float[] {255, 255};
      case SHIFT -> new float[] {1, 0, 0};
      case BOX -> new float[] {0, 0, 1, 1};
      case WARP -> new float[] {1, 0, 0, 0, 1, 0, 0, 0};
      case BRIGHTNESS -> new float[] {1, 0};
      case SATURATION -> new float[] {1, 0, 0};
      case ERASE -> new float[] {0, 0, 0, 0};
      case MIX -> new float[] {1};
    };
  }

  /** The number of numbers of an image. */
  int length() {
    return identity().length;
  }

  /** Index of the first number of this step. */
  public int offset(Set<DistortionStage> stages) {
    int offset = 0;
    for (DistortionStage stage : values()) {
      if (stage == this) {
        break;
      }
      offset += stages.contains(stage) ? stage.length() : 0;
    }
    return offset;
  }

  /** The numbers of an image that is not distorted, one at least: empty tensors have no memory. */
  public static float[] identity(Set<DistortionStage> stages) {
    float[] numbers =
        new float[Math.max(1, stages.stream().mapToInt(DistortionStage::length).sum())];
    for (DistortionStage stage : stages) {
      float[] identity = stage.identity();
      System.arraycopy(identity, 0, numbers, stage.offset(stages), identity.length);
    }
    return numbers;
  }
}

package dev.retrain.finetune.image;

import dev.retrain.finetune.input.DistortionStage;
import dev.retrain.image.AffineWarp;
import java.awt.geom.AffineTransform;
import java.util.Set;

/** How one image is distorted, as operations are added. */
final class DrawnDistortion {
  private static final int BITS = 8;
  private static final int MAX_VALUE = 255;

  /** Keeps boxes inside the image in spite of rounding: outside of it, pixels are black. */
  private static final float EDGE = 1e-5f;

  private final int height;
  private final int width;
  private final double grayMean;

  // From output to input coordinates, about the image's center.
  private final AffineTransform transform = new AffineTransform();

  // The value of a pixel is own * value + luminance * its luminance + offset.
  private double own = 1;
  private double luminance;
  private double offset;

  private int mask = MAX_VALUE;
  private int threshold = MAX_VALUE;
  private float[] erased = new float[4];
  private double share = 1;

  /**
   * @param height rows of the image
   * @param width columns of the image
   * @param grayMean mean of its luminance
   */
  DrawnDistortion(int height, int width, double grayMean) {
    this.height = height;
    this.width = width;
    this.grayMean = grayMean;
  }

  void flip() {
    transform.scale(-1, 1);
  }

  void scale(double horizontal, double vertical) {
    transform.scale(horizontal, vertical);
  }

  void rotate(double degrees) {
    transform.rotate(Math.toRadians(degrees));
  }

  void shear(double horizontal, double vertical) {
    transform.shear(horizontal, vertical);
  }

  /** Moves the visible part, by fractions of the image's sides. */
  void shift(double right, double down) {
    transform.translate(right * width, down * height);
  }

  /**
   * Shows a part of the image.
   *
   * @param columns fraction of the columns
   * @param rows fraction of the rows
   * @param right position of the part, from -0.5 (at the left edge) to 0.5
   * @param down position of the part, from -0.5 (at the top) to 0.5
   */
  void crop(double columns, double rows, double right, double down) {
    transform.translate((1 - columns) * (width - 1) * right, (1 - rows) * (height - 1) * down);
    transform.scale(columns, rows);
  }

  void brighten(double factor) {
    own *= factor;
    luminance *= factor;
    offset *= factor;
  }

  void contrast(double factor) {
    // The mean luminance of the image as it is distorted so far.
    double mean = (own + luminance) * grayMean + offset;
    brighten(factor);
    offset += (1 - factor) * mean;
  }

  void saturate(double factor) {
    luminance = factor * luminance + (1 - factor) * (own + luminance);
    own *= factor;
  }

  /** Keeps the upper bits of each value. */
  void posterize(int bits) {
    mask &= (MAX_VALUE << (BITS - bits)) & MAX_VALUE;
  }

  /** Inverts values that are not below a limit. */
  void solarize(double limit) {
    threshold = Math.min(threshold, Math.max(0, (int) Math.ceil(limit) - 1));
  }

  /** Makes a rectangle gray; all numbers are fractions of the image's sides. */
  void erase(double top, double left, double rows, double columns) {
    erased =
        new float[] {
          Math.round(top * height),
          Math.round(left * width),
          Math.round((top + rows) * height),
          Math.round((left + columns) * width)
        };
  }

  /** Mixes the image with the next one; its own share. */
  void mix(double ownShare) {
    share = ownShare;
  }

  /**
   * Writes the numbers of the stages.
   *
   * @param target receives them
   * @param start index of the first one
   */
  void write(Set<DistortionStage> stages, float[] target, int start) {
    for (DistortionStage stage : stages) {
      float[] numbers = numbers(stage);
      System.arraycopy(numbers, 0, target, start + stage.offset(stages), numbers.length);
    }
  }

  private float[] numbers(DistortionStage stage) {
    return switch (stage) {
      case TONE -> new float[] {mask, threshold};
      case SHIFT ->
          new float[] {
            (float) transform.getScaleX(),
            Math.round(transform.getTranslateX()),
            Math.round(transform.getTranslateY())
          };
      case BOX -> box();
      case WARP -> warp();
      case BRIGHTNESS -> new float[] {(float) own, (float) offset};
      case SATURATION -> new float[] {(float) own, (float) offset, (float) luminance};
      case ERASE -> erased;
      case MIX -> new float[] {(float) share};
    };
  }

  private AffineTransform inPixels() {
    double centerX = (width - 1) / 2.0;
    double centerY = (height - 1) / 2.0;
    AffineTransform t = AffineTransform.getTranslateInstance(centerX, centerY);
    t.concatenate(transform);
    t.translate(-centerX, -centerY);
    return t;
  }

  private float[] box() {
    AffineTransform t = inPixels();
    return new float[] {
      edge(t.getTranslateY(), height),
      edge(t.getTranslateX(), width),
      edge(t.getScaleY() * (height - 1) + t.getTranslateY(), height),
      edge(t.getScaleX() * (width - 1) + t.getTranslateX(), width)
    };
  }

  private static float edge(double position, int size) {
    float fraction = (float) (position / Math.max(1, size - 1));
    return Math.min(1 - EDGE, Math.max(EDGE, fraction));
  }

  private float[] warp() {
    return AffineWarp.parameters(inPixels());
  }
}

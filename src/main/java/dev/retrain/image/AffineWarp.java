package dev.retrain.image;

import java.awt.geom.AffineTransform;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * An affine transform of an image about its center. The value at a point of the result is the
 * image's value at the point to which the flip, then the zoom, the shear, the shift and the
 * rotation map it, the order of Keras's ImageDataGenerator.
 *
 * @param rotation in degrees
 * @param shiftX as a fraction of the width
 * @param shiftY as a fraction of the height
 * @param shear tangent of the shear angle
 * @param zoomX factor above 0; below 1 it stretches the image horizontally, above 1 it shrinks it
 * @param zoomY the same vertically
 * @param flip whether left and right are exchanged
 */
public record AffineWarp(
    double rotation,
    double shiftX,
    double shiftY,
    double shear,
    double zoomX,
    double zoomY,
    boolean flip) {
  /** The identity. */
  public static final AffineWarp NONE = new AffineWarp(0, 0, 0, 0, 1, 1, false);

  /**
   * The eight parameters of TensorFlow's ImageProjectiveTransformV3, which map points of the result
   * to points of the image, in pixels.
   *
   * @param height height of the image and the result, in pixels
   * @param width width of the image and the result, in pixels
   */
  public float[] transform(int height, int width) {
    double centreX = (width - 1) / 2.0;
    double centreY = (height - 1) / 2.0;
    AffineTransform t = AffineTransform.getTranslateInstance(centreX, centreY);
    t.rotate(Math.toRadians(rotation));
    t.translate(shiftX * width, shiftY * height);
    t.shear(shear, 0);
    t.scale(flip ? -zoomX : zoomX, zoomY);
    t.translate(-centreX, -centreY);
    return parameters(t);
  }

  /** The parameters of ImageProjectiveTransformV3 for a transformation in pixels, [8]. */
  public static float[] parameters(AffineTransform t) {
    return new float[] {
      (float) t.getScaleX(),
      (float) t.getShearX(),
      (float) t.getTranslateX(),
      (float) t.getShearY(),
      (float) t.getScaleY(),
      (float) t.getTranslateY(),
      0,
      0
    };
  }

  /** {@link #transform} as a tensor [1, 8], which the caller closes. */
  TFloat32 tensor(int height, int width) {
    float[] numbers = transform(height, width);
    return TFloat32.tensorOf(Shape.of(1, numbers.length), DataBuffers.of(numbers));
  }
}

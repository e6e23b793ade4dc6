package dev.retrain.image;

import java.awt.geom.AffineTransform;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * An affine change of an image about its centre: what is at a point of the result is what the image
 * has where the flip, then the zoom, the shear, the shift and the rotation lead from there, the
 * order of Keras's ImageDataGenerator. {@link #NONE} leaves everything where it is.
 *
 * @param rotation in degrees
 * @param shiftX in shares of the width
 * @param shiftY in shares of the height
 * @param shear the tangent of the angle by which columns lean
 * @param zoomX factor above 0; below 1 the result is wider than the image, above 1 narrower
 * @param zoomY the same of its height
 * @param flip whether left and right change places
 */
public record AffineWarp(
    double rotation,
    double shiftX,
    double shiftY,
    double shear,
    double zoomX,
    double zoomY,
    boolean flip) {
  /** No change. */
  public static final AffineWarp NONE = new AffineWarp(0, 0, 0, 0, 1, 1, false);

  /**
   * The eight numbers TensorFlow's ImageProjectiveTransformV3 takes: where, in pixels, each point
   * of the result is found in the image.
   *
   * @param height of the image and the result, in pixels
   * @param width of the image and the result, in pixels
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

  /** The same as a tensor, [1, 8], to be closed by the caller. */
  TFloat32 tensor(int height, int width) {
    float[] numbers = transform(height, width);
    return TFloat32.tensorOf(Shape.of(1, numbers.length), DataBuffers.of(numbers));
  }
}

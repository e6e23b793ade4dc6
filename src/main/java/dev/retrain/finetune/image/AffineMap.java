package dev.retrain.finetune.image;

/** An affine map of the plane around an image's center, from output to input coordinates. */
final class AffineMap {
  private double a = 1;
  private double b;
  private double c;
  private double d = 1;
  private double x;
  private double y;

  void scale(double horizontal, double vertical) {
    multiply(horizontal, 0, 0, vertical);
  }

  void rotate(double radians) {
    double cos = Math.cos(radians);
    double sin = Math.sin(radians);
    multiply(cos, -sin, sin, cos);
  }

  void shear(double horizontal, double vertical) {
    multiply(1, horizontal, vertical, 1);
  }

  void move(double right, double down) {
    x += a * right + b * down;
    y += c * right + d * down;
  }

  private void multiply(double e, double f, double g, double h) {
    double a1 = a * e + b * g;
    double b1 = a * f + b * h;
    double c1 = c * e + d * g;
    double d1 = c * f + d * h;
    a = a1;
    b = b1;
    c = c1;
    d = d1;
  }

  /** The eight numbers that TensorFlow's ImageProjectiveTransformV3 takes. */
  float[] transform(int height, int width) {
    double centerX = (width - 1) / 2.0;
    double centerY = (height - 1) / 2.0;
    return new float[] {
      (float) a,
      (float) b,
      (float) (centerX + x - a * centerX - b * centerY),
      (float) c,
      (float) d,
      (float) (centerY + y - c * centerX - d * centerY),
      0,
      0
    };
  }
}

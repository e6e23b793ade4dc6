package dev.retrain.finetune.image;

import java.util.Random;

/**
 * The distribution Beta(shape, shape).
 *
 * @param shape above 0
 */
record Beta(double shape) {
  double draw(Random random) {
    double one = gamma(random);
    double other = gamma(random);
    // Small shapes may give two numbers that are too small for a double.
    return one + other > 0 ? one / (one + other) : 1;
  }

  /** G. Marsaglia and W. Tsang, A Simple Method for Generating Gamma Variables, 2000. */
  private double gamma(Random random) {
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
}

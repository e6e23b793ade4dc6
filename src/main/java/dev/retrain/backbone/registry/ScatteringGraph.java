package dev.retrain.backbone.registry;

import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * Builds the embedded backbone: a wavelet scattering network (J. Bruna and S. Mallat, Invariant
 * Scattering Convolution Networks, IEEE TPAMI 35(8), 2013). Its filters are fixed, so it needs no
 * training and no download.
 *
 * <p>First-order coefficients are the moduli of the convolutions of each channel (one of
 * brightness, two of color) with Morlet wavelets of {@value #SCALES} scales and {@value #ANGLES}
 * orientations. Second-order coefficients are the moduli of the convolutions of first-order results
 * with wavelets of all coarser scales. For coarser scales the image is blurred and halved, so every
 * wavelet is a {@value #KERNEL} x {@value #KERNEL} convolution. The vector holds the logarithms of
 * the averages over the image and over its quarters.
 *
 * <p>The graph is a resource, {@value #RESOURCE}; a test verifies that it equals this code's
 * result.
 */
public final class ScatteringGraph {
  public static final String RESOURCE = "scattering.pb";

  /** Height and width of the images, in pixels. */
  static final int SIZE = 96;

  /** [n, SIZE, SIZE, 3], values from -1 to 1. */
  static final String INPUT = "input:0";

  /** [n, 3 * coefficients]: averages over the whole image. */
  static final String POOLED = "pooled:0";

  /** [n, 12 * coefficients]: averages over each quarter of the image. */
  static final String QUARTERS = "quarters:0";

  private static final int SCALES = 4;
  private static final int ANGLES = 6;
  private static final int KERNEL = 7;

  // The mother wavelet, as in Kymatio: width 0.8 pixels, frequency 3 pi / 4, and an envelope that
  // is stretched along the wave crests by ANGLES / 4.
  private static final double SIGMA = 0.8;
  private static final double XI = 3 * Math.PI / 4;
  private static final double SLANT = 4.0 / ANGLES;

  // Added before the logarithm; smaller coefficients are noise.
  private static final float LOG_FLOOR = 1e-3f;

  private static final float[] BINOMIAL = {1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f};

  // The weights of R, then G, then B in brightness, orange-blue and green-magenta.
  private static final float[] COLORS = {
    1 / 3f, 1 / 2f, -1 / 4f, 1 / 3f, 0, 1 / 2f, 1 / 3f, -1 / 2f, -1 / 4f
  };

  private final Ops tf;

  private ScatteringGraph(Ops tf) {
    this.tf = tf;
  }

  /** The frozen graph. */
  public static GraphDef build() {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      new ScatteringGraph(Ops.create(graph)).addNodes();
      return graph.toGraphDef();
    }
  }

  private void addNodes() {
    Placeholder<TFloat32> input =
        tf.withName("input")
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, SIZE, SIZE, 3)));
    Operand<TFloat32> channels =
        tf.nn.conv2d(
            input, constant(COLORS, Shape.of(1, 1, 3, 3)), List.of(1L, 1L, 1L, 1L), "SAME");
    // Each color channel becomes an image: [3n, SIZE, SIZE, 1].
    Operand<TFloat32> level =
        tf.reshape(
            tf.linalg.transpose(channels, tf.constant(new int[] {0, 3, 1, 2})),
            tf.constant(new int[] {-1, SIZE, SIZE, 1}));

    List<Operand<TFloat32>> pooled = new ArrayList<>();
    List<Operand<TFloat32>> quarters = new ArrayList<>();
    pool(level, 0, pooled, quarters, false);
    for (int scale = 0; scale < SCALES; scale++) {
      Operand<TFloat32> first = modulus(level, 1);
      pool(first, scale, pooled, quarters, true);
      Operand<TFloat32> coarser = first;
      for (int second = scale + 1; second < SCALES; second++) {
        coarser = halve(coarser, ANGLES);
        pool(modulus(coarser, ANGLES), second, pooled, quarters, true);
      }
      level = halve(level, 1);
    }
    name("pooled", pooled);
    name("quarters", quarters);
  }

  private void name(String name, List<Operand<TFloat32>> parts) {
    Operand<TFloat32> joined = tf.concat(parts, tf.constant(1));
    long length = 3 * joined.shape().get(1);
    tf.withName(name).reshape(joined, tf.constant(new int[] {-1, Math.toIntExact(length)}));
  }

  /** Moduli of the wavelet coefficients at one scale: [n, h, w, c] to [n, h, w, c * ANGLES]. */
  private Operand<TFloat32> modulus(Operand<TFloat32> x, int channels) {
    Operand<TFloat32> padded = reflect(x, KERNEL / 2);
    Operand<TFloat32> real = depthwise(padded, morlet(channels, false), 1);
    Operand<TFloat32> imaginary = depthwise(padded, morlet(channels, true), 1);
    return tf.math.sqrt(
        tf.math.add(
            tf.math.add(tf.math.square(real), tf.math.square(imaginary)), tf.constant(1e-12f)));
  }

  /** Blurs, then drops every second row and column. */
  private Operand<TFloat32> halve(Operand<TFloat32> x, int channels) {
    float[] blur = new float[5 * 5 * channels];
    for (int i = 0; i < blur.length; i++) {
      int at = i / channels;
      blur[i] = BINOMIAL[at / 5] * BINOMIAL[at % 5];
    }
    return depthwise(reflect(x, 2), constant(blur, Shape.of(5, 5, channels, 1)), 2);
  }

  private Operand<TFloat32> depthwise(Operand<TFloat32> x, Operand<TFloat32> filters, long stride) {
    return tf.nn.depthwiseConv2dNative(x, filters, List.of(1L, stride, stride, 1L), "VALID");
  }

  private Operand<TFloat32> reflect(Operand<TFloat32> x, int by) {
    return tf.mirrorPad(
        x, tf.constant(new int[][] {{0, 0}, {by, by}, {by, by}, {0, 0}}), "REFLECT");
  }

  private void pool(
      Operand<TFloat32> x,
      int scale,
      List<Operand<TFloat32>> pooled,
      List<Operand<TFloat32>> quarters,
      boolean logarithm) {
    long half = (SIZE >> scale) / 2;
    Operand<TFloat32> grid =
        tf.nn.avgPool(x, List.of(1L, half, half, 1L), List.of(1L, half, half, 1L), "VALID");
    long channels = x.shape().get(3);
    Operand<TFloat32> flat =
        tf.reshape(grid, tf.constant(new int[] {-1, Math.toIntExact(4 * channels)}));
    Operand<TFloat32> mean = tf.math.mean(x, tf.constant(new int[] {1, 2}), Mean.keepDims(false));
    pooled.add(logarithm ? log(mean) : mean);
    quarters.add(logarithm ? log(flat) : flat);
  }

  private Operand<TFloat32> log(Operand<TFloat32> x) {
    return tf.math.log(tf.math.add(x, tf.constant(LOG_FLOOR)));
  }

  /**
   * Morlet wavelets: a Gaussian times a complex wave, shifted so that each filter sums to 0, and
   * scaled so that the moduli of its values sum to 1.
   *
   * @return [KERNEL, KERNEL, channels, ANGLES]
   */
  private Operand<TFloat32> morlet(int channels, boolean imaginary) {
    float[] filters = new float[KERNEL * KERNEL * channels * ANGLES];
    for (int angle = 0; angle < ANGLES; angle++) {
      double[] filter = morlet(angle * Math.PI / ANGLES, imaginary);
      for (int at = 0; at < filter.length; at++) {
        for (int channel = 0; channel < channels; channel++) {
          filters[(at * channels + channel) * ANGLES + angle] = (float) filter[at];
        }
      }
    }
    return constant(filters, Shape.of(KERNEL, KERNEL, channels, ANGLES));
  }

  // StrictMath, because every machine must build the same graph.
  private static double[] morlet(double angle, boolean imaginary) {
    int area = KERNEL * KERNEL;
    double[] envelope = new double[area];
    double[] real = new double[area];
    double[] imag = new double[area];
    double envelopeSum = 0;
    double realSum = 0;
    for (int at = 0; at < area; at++) {
      double y = at / KERNEL - KERNEL / 2;
      double x = at % KERNEL - KERNEL / 2;
      double along = x * StrictMath.cos(angle) + y * StrictMath.sin(angle);
      double across = y * StrictMath.cos(angle) - x * StrictMath.sin(angle);
      double spread = along * along + SLANT * SLANT * across * across;
      envelope[at] = StrictMath.exp(-spread / (2 * SIGMA * SIGMA));
      real[at] = envelope[at] * StrictMath.cos(XI * along);
      imag[at] = envelope[at] * StrictMath.sin(XI * along);
      envelopeSum += envelope[at];
      realSum += real[at];
    }
    double norm = 0;
    for (int at = 0; at < area; at++) {
      real[at] -= envelope[at] * realSum / envelopeSum;
      norm += StrictMath.hypot(real[at], imag[at]);
    }
    double[] filter = imaginary ? imag : real;
    for (int at = 0; at < area; at++) {
      filter[at] /= norm;
    }
    return filter;
  }

  private Operand<TFloat32> constant(float[] values, Shape shape) {
    return tf.constant(shape, DataBuffers.of(values));
  }
}

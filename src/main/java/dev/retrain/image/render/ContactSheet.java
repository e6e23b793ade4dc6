package dev.retrain.image.render;

import dev.retrain.image.AffineWarp;
import dev.retrain.image.AffineWarper;
import dev.retrain.image.RgbImage;
import dev.retrain.util.TensorFlowRuntime;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A square of small images that shows an image and warped variants of it. */
public final class ContactSheet {
  /** Number of rows, and of images in a row. */
  private static final int SIDE = 5;

  /** Number of warped variants. */
  public static final int VARIANTS = SIDE * SIDE - 1;

  // Bounds of the longer side of a small image, in pixels: larger images are shrunk, smaller ones
  // enlarged by an integer factor.
  private static final int MAX_SIDE = 192;
  private static final int MIN_SIDE = 128;

  private static final int GAP = 4;
  private static final float WHITE = 255;

  private ContactSheet() {}

  /**
   * Draws a contact sheet.
   *
   * @param image the image, which is shown first
   * @param warps the warps of the variants, {@value #VARIANTS} of them, row by row
   * @return the bytes of a PNG file
   */
  public static byte[] png(RgbImage image, List<AffineWarp> warps) {
    if (warps.size() != VARIANTS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "a contact sheet needs %d warps, but got %d", VARIANTS, warps.size()));
    }
    int longer = Math.max(image.height(), image.width());
    double shrink = Math.min(1, (double) MAX_SIDE / longer);
    int height = (int) Math.max(1, Math.round(shrink * image.height()));
    int width = (int) Math.max(1, Math.round(shrink * image.width()));
    int enlarge = (int) Math.ceil((double) MIN_SIDE / Math.max(height, width));
    try (EagerSession session = TensorFlowRuntime.newEagerSession();
        TUint8 pixels = image.tensor()) {
      Ops tf = Ops.create(session);
      Operand<TFloat32> small =
          tf.image.resizeArea(
              tf.expandDims(tf.constantOf(pixels), tf.constant(0)),
              tf.constant(new int[] {height, width}));
      Operand<TFloat32> variants =
          tf.image.resizeNearestNeighbor(
              AffineWarper.warp(
                  tf,
                  tf.tile(small, tf.constant(new int[] {SIDE * SIDE, 1, 1, 1})),
                  tf.constant(transforms(warps, height, width)),
                  tf.constant(new int[] {height, width})),
              tf.constant(new int[] {enlarge * height, enlarge * width}));
      Operand<TFloat32> sheet = sheet(tf, variants, enlarge * height, enlarge * width);
      return tf.image
          .encodePng(tf.dtypes.cast(sheet, TUint8.class))
          .asTensor()
          .asBytes()
          .getObject();
    }
  }

  private static float[][] transforms(List<AffineWarp> warps, int height, int width) {
    return Stream.concat(Stream.of(AffineWarp.NONE), warps.stream())
        .map(warp -> warp.transform(height, width))
        .toArray(float[][]::new);
  }

  // Arranges images [n, height, width, 3] in one image, each with a gap below and to its right.
  private static Operand<TFloat32> sheet(Ops tf, Operand<TFloat32> images, int height, int width) {
    int row = height + GAP;
    int column = width + GAP;
    Operand<TFloat32> padded =
        tf.pad(
            images,
            tf.constant(new int[][] {{0, 0}, {0, GAP}, {0, GAP}, {0, 0}}),
            tf.constant(WHITE));
    Operand<TFloat32> grid =
        tf.linalg.transpose(
            tf.reshape(padded, tf.constant(new int[] {SIDE, SIDE, row, column, 3})),
            tf.constant(new int[] {0, 2, 1, 3, 4}));
    return tf.pad(
        tf.reshape(grid, tf.constant(new int[] {SIDE * row, SIDE * column, 3})),
        tf.constant(new int[][] {{GAP, 0}, {GAP, 0}, {0, 0}}),
        tf.constant(WHITE));
  }
}

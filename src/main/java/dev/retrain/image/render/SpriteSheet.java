package dev.retrain.image.render;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.DecodeGraph;
import dev.retrain.util.TensorFlowRuntime;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * A square sheet of small squares, row by row, each with an image centered on white.
 *
 * <p>Thread-safe. Owns the graph; {@link #close()} frees it.
 */
public final class SpriteSheet implements AutoCloseable {
  private static final byte WHITE = (byte) 255;

  private final int side;
  private final int columns;
  private final byte[] rgb;
  private final DecodeGraph<TUint8> graph;

  /**
   * Creates a white sheet.
   *
   * @param count maximum number of images, at least 1
   * @param side side of a small square, in pixels, at least 1
   * @param limit maximum size of an image
   */
  public SpriteSheet(int count, int side, PixelLimit limit) {
    this.side = side;
    columns = (int) Math.ceil(Math.sqrt(count));
    rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(size(), size()))];
    Arrays.fill(rgb, WHITE);
    graph = new DecodeGraph<>(limit, (tf, pixels, small) -> centered(tf, pixels));
  }

  /** Height and width of the sheet, in pixels. */
  public int size() {
    return Math.multiplyExact(columns, side);
  }

  private Operand<TUint8> centered(Ops tf, Operand<TUint8> pixels) {
    FitWithin fit = FitWithin.resize(tf, pixels, side, true);
    Operand<TInt32> border = tf.math.sub(tf.constant(side), fit.size());
    Operand<TInt32> before = tf.math.floorDiv(border, tf.constant(2));
    Operand<TInt32> paddings =
        tf.stack(List.of(before, tf.math.sub(border, before)), Stack.axis(1L));
    return tf.pad(
        fit.pixels(),
        tf.concat(List.of(paddings, tf.constant(new int[][] {{0, 0}})), tf.constant(0)),
        tf.dtypes.cast(tf.constant(255), TUint8.class));
  }

  /**
   * Draws an image in its square.
   *
   * @param index index of the square, from 0
   * @param content the image file's bytes
   * @throws UnreadableImageException if it can't be decoded; the square stays white
   */
  public void put(int index, byte[] content) throws UnreadableImageException {
    byte[] small = new byte[side * side * 3];
    graph.run(
        content,
        tensor -> {
          tensor.asRawTensor().data().read(small);
          return small;
        });
    int row = index / columns * side;
    int column = index % columns * side;
    for (int y = 0; y < side; y++) {
      System.arraycopy(small, y * side * 3, rgb, ((row + y) * size() + column) * 3, side * 3);
    }
  }

  /** The sheet as the bytes of a PNG file. */
  public byte[] png() {
    try (EagerSession session = TensorFlowRuntime.newEagerSession();
        TUint8 pixels = TUint8.tensorOf(Shape.of(size(), size(), 3), DataBuffers.of(rgb))) {
      Ops tf = Ops.create(session);
      return tf.image.encodePng(tf.constantOf(pixels)).asTensor().asBytes().getObject();
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}

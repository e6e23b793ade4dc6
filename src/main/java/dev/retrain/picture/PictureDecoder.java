package dev.retrain.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeJpeg;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Turns the bytes of a picture file into what a network is fed.
 *
 * <p>JPEG and PNG are decoded by TensorFlow's op, to the values retrain.py saw: grey becomes three
 * equal channels, CMYK is converted, 16 bits are cut to 8, an alpha channel is dropped, not
 * blended. GIF (its first frame), BMP and WebP are decoded by ImageIO to the same form. A picture
 * with an EXIF orientation is turned upright first; retrain.py left it lying.
 *
 * <p>Safe for use by several threads at once.
 */
public final class PictureDecoder implements AutoCloseable {
  /** Largest picture decoded, in pixels: a guard against a small file that fills the memory. */
  static final long MAX_PIXELS = 1L << 28;

  private static final int ORIENTATIONS = 8;

  private final Graph graph;
  private final Session session;
  private final int length;

  /**
   * @param preprocessing the size and scale of what comes out
   */
  public PictureDecoder(Preprocessing preprocessing) {
    length = preprocessing.pictureLength();
    graph = new Graph();
    try {
      build(Ops.create(graph), preprocessing);
      session = new Session(graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private static void build(Ops tf, Preprocessing p) {
    Placeholder<TString> contents = tf.withName("contents").placeholder(TString.class);
    Operand<TUint8> pixels =
        tf.withName("pixels").image.decodeJpeg(contents, DecodeJpeg.channels(3L));
    for (int orientation = 1; orientation <= ORIENTATIONS; orientation++) {
      Operand<TFloat32> resized =
          tf.image.resizeBilinear(
              tf.expandDims(upright(tf, pixels, orientation), tf.constant(0)),
              tf.constant(new int[] {p.height(), p.width()}),
              ResizeBilinear.alignCorners(false),
              ResizeBilinear.halfPixelCenters(false));
      // retrain.py multiplies by the reciprocal, too.
      tf.withName("picture_" + orientation)
          .math
          .mul(tf.math.sub(resized, tf.constant(p.mean())), tf.constant(1f / p.std()));
    }
  }

  // EXIF 2.32, 4.6.4, tag 274: where row 0 and column 0 of the stored picture belong.
  private static Operand<TUint8> upright(Ops tf, Operand<TUint8> pixels, int orientation) {
    boolean transposed = orientation >= 5;
    Operand<TUint8> picture =
        transposed ? tf.linalg.transpose(pixels, tf.constant(new int[] {1, 0, 2})) : pixels;
    List<Integer> reversed = new ArrayList<>();
    if (orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8) {
      reversed.add(0);
    }
    if (orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7) {
      reversed.add(1);
    }
    return reversed.isEmpty()
        ? picture
        : tf.reverse(picture, tf.constant(reversed.stream().mapToInt(Integer::intValue).toArray()));
  }

  /**
   * Decodes, turns upright, resizes and scales one picture.
   *
   * @param content the file's bytes
   * @return [height, width, 3], flat, row by row
   * @throws UnreadablePicture where it can't be decoded
   */
  public float[] decode(byte[] content) throws UnreadablePicture {
    ImageKind kind = ImageKind.of(content);
    ImageHeader header = ImageHeader.read(kind, content);
    checkPixels(header.pixels());
    String output = "picture_" + header.orientation();
    return switch (kind) {
      case JPEG, PNG -> {
        try (TString fed = TString.tensorOfBytes(NdArrays.scalarOfObject(content))) {
          yield run("contents", fed, output);
        }
      }
      case GIF, BMP, WEBP -> {
        try (TUint8 fed = decodeWithImageIo(content)) {
          yield run("pixels", fed, output);
        }
      }
    };
  }

  private float[] run(String input, org.tensorflow.Tensor fed, String output)
      throws UnreadablePicture {
    try (Result result = session.runner().feed(input, fed).fetch(output).run()) {
      float[] picture = new float[length];
      TFloat32 tensor = (TFloat32) result.get(0);
      tensor.asRawTensor().data().asFloats().read(picture);
      return picture;
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      // TensorFlow's exceptions have no common type of their own.
      throw new UnreadablePicture(reason(e), e);
    }
  }

  // TensorFlow's message goes on with the graph's node and the stack of its making.
  private static String reason(RuntimeException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (message.contains("Invalid JPEG data or crop window")) {
      return "the JPEG data is broken or cut short";
    }
    if (message.contains("Invalid PNG data")) {
      return "the PNG data is broken or cut short";
    }
    return "it can't be decoded (" + message.replaceAll("\\s*\\[?\\[?\\{\\{.*$", "") + ")";
  }

  private static TUint8 decodeWithImageIo(byte[] content) throws UnreadablePicture {
    BufferedImage picture;
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UnreadablePicture("no decoder takes it");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        checkPixels((long) reader.getWidth(0) * reader.getHeight(0));
        picture = reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // The plug-ins throw unchecked exceptions on broken data, too.
      throw new UnreadablePicture(
          "the data is broken or cut short"
              + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"),
          e);
    }
    int width = picture.getWidth();
    int height = picture.getHeight();
    byte[] rgb = new byte[height * width * 3];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      picture.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[at++] = (byte) (pixel >> 16);
        rgb[at++] = (byte) (pixel >> 8);
        rgb[at++] = (byte) pixel;
      }
    }
    return TUint8.tensorOf(Shape.of(height, width, 3), DataBuffers.of(rgb));
  }

  private static void checkPixels(long pixels) throws UnreadablePicture {
    if (pixels > MAX_PIXELS) {
      throw new UnreadablePicture(
          "it has %,d pixels; at most %,d are decoded".formatted(pixels, MAX_PIXELS));
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

package dev.retrain.image;

import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeJpeg;
import org.tensorflow.op.image.DecodePng;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * A graph that takes an image file's bytes, decodes them, turns the image upright and goes on from
 * there; owns it.
 *
 * <p>JPEG and PNG are decoded by TensorFlow's op, to the values retrain.py saw: grey becomes three
 * equal channels, CMYK is converted, 16 bits are cut to 8, an alpha channel is dropped, not
 * blended. GIF (its first frame), BMP and WebP are decoded by ImageIO to the same form. An image
 * with an EXIF orientation is turned upright; retrain.py left it lying.
 *
 * <p>Safe for use by several threads at once.
 *
 * @param <T> what comes out
 */
public final class DecodeGraph<T extends TType> implements AutoCloseable {
  /** Largest image decoded, in pixels: a guard against a small file that fills the memory. */
  static final long MAX_PIXELS = 1L << 28;

  /** Pixels of an image that is cheaply made floats as a whole. */
  private static final long SMALL = 512 * 512;

  private static final int ORIENTATIONS = 8;

  private final int jpegScale;
  private final Graph graph;
  private final Session session;

  // Where bytes and pixels go in, and what comes out for each EXIF orientation from 1 on.
  private final Output<TString> contents;
  private final Output<TUint8> pixels;
  private final Output<TUint8> pngPixels;
  private final List<Output<T>> ofSmall = new ArrayList<>();
  private final List<Output<T>> ofLarge = new ArrayList<>();

  /** What becomes of pixels, uint8 [height, width, 3]. */
  @FunctionalInterface
  public interface Rest<T extends TType> {
    /**
     * @param tf where to add operations
     * @param pixels the upright image
     * @param small whether it has {@value #SMALL} pixels at most
     */
    Operand<T> of(Ops tf, Operand<TUint8> pixels, boolean small);
  }

  /**
   * @param rest what becomes of the pixels of an image decoded as it is
   */
  public DecodeGraph(Rest<T> rest) {
    this(1, rest);
  }

  /**
   * @param jpegScale a JPEG file is decoded at one part in so many of its height and width: 1, 2, 4
   *     or 8
   * @param rest what becomes of the pixels
   */
  public DecodeGraph(int jpegScale, Rest<T> rest) {
    this.jpegScale = jpegScale;
    graph = TensorFlowRuntime.newGraph();
    try {
      Ops tf = Ops.create(graph);
      Placeholder<TString> file = tf.placeholder(TString.class);
      contents = file.asOutput();
      pixels = // TensorFlow's own choice of a DCT, which is retrain.py's, is the fastest there is.
          tf.image
              .decodeJpeg(file, DecodeJpeg.channels(3L), DecodeJpeg.ratio((long) jpegScale))
              .asOutput();
      pngPixels = tf.image.decodePng(file, TUint8.class, DecodePng.channels(3L)).asOutput();
      for (int orientation = 1; orientation <= ORIENTATIONS; orientation++) {
        Operand<TUint8> upright = upright(tf, pixels, orientation);
        ofSmall.add(rest.of(tf, upright, true).asOutput());
        ofLarge.add(rest.of(tf, upright, false).asOutput());
      }
      // An image is too little to be shared by threads; who wants several calls at once, does.
      session = new Session(graph, SessionConfigs.SINGLE_THREADED);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  // EXIF 2.32, 4.6.4, tag 274: where row 0 and column 0 of the stored image belong.
  private static Operand<TUint8> upright(Ops tf, Operand<TUint8> pixels, int orientation) {
    boolean transposed = orientation >= 5;
    Operand<TUint8> image =
        transposed ? tf.linalg.transpose(pixels, tf.constant(new int[] {1, 0, 2})) : pixels;
    List<Integer> reversed = new ArrayList<>();
    if (orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8) {
      reversed.add(0);
    }
    if (orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7) {
      reversed.add(1);
    }
    return reversed.isEmpty()
        ? image
        : tf.reverse(image, tf.constant(reversed.stream().mapToInt(Integer::intValue).toArray()));
  }

  /**
   * Runs it on one image.
   *
   * @param content the file's bytes
   * @param read takes what it needs of the result, which is closed then
   * @return what {@code read} returns
   * @throws UnreadableImageException where it can't be decoded
   */
  public <R> R run(byte[] content, Function<T, R> read) throws UnreadableImageException {
    ImageFormat kind = ImageFormat.detect(content);
    ImageHeader header = ImageHeader.read(kind, content);
    checkPixels(header.pixels());
    boolean small = header.pixels() >= 0 && header.pixels() <= SMALL;
    Output<T> output = (small ? ofSmall : ofLarge).get(header.orientation() - 1);
    return switch (kind) {
      case JPEG, PNG -> {
        try (TString fed = TString.tensorOfBytes(NdArrays.scalarOfObject(content))) {
          yield kind == ImageFormat.PNG && jpegScale > 1
              ? runPng(fed, output, read)
              : run(contents, fed, output, read);
        }
      }
      case GIF, BMP, WEBP -> {
        try (TUint8 fed = decodeWithImageIo(content).tensor()) {
          yield run(pixels, fed, output, read);
        }
      }
    };
  }

  /** Decodes first: the op that has a scale for JPEG takes no PNG with it. */
  private <R> R runPng(TString fed, Output<T> output, Function<T, R> read)
      throws UnreadableImageException {
    try (Result decoded = session.runner().feed(contents, fed).fetch(pngPixels).run()) {
      return run(pixels, decoded.get(0), output, read);
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      throw new UnreadableImageException(reason(e), e);
    }
  }

  @SuppressWarnings("unchecked") // The output's type is the tensor's.
  private <R> R run(Output<?> input, Tensor fed, Output<T> output, Function<T, R> read)
      throws UnreadableImageException {
    try (Result result = session.runner().feed(input, fed).fetch(output).run()) {
      return read.apply((T) result.get(0));
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      // TensorFlow's exceptions have no common type of their own.
      throw new UnreadableImageException(reason(e), e);
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

  private static RgbImage decodeWithImageIo(byte[] content) throws UnreadableImageException {
    BufferedImage image;
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UnreadableImageException("no decoder takes it");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        checkPixels((long) reader.getWidth(0) * reader.getHeight(0));
        image = reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // The plug-ins throw unchecked exceptions on broken data, too.
      throw new UnreadableImageException(
          "the data is broken or cut short"
              + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"),
          e);
    }
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[height * width * 3];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[at++] = (byte) (pixel >> 16);
        rgb[at++] = (byte) (pixel >> 8);
        rgb[at++] = (byte) pixel;
      }
    }
    return new RgbImage(height, width, rgb);
  }

  private static void checkPixels(long pixels) throws UnreadableImageException {
    if (pixels > MAX_PIXELS) {
      throw new UnreadableImageException(
          "it has %,d pixels; at most %,d are decoded".formatted(pixels, MAX_PIXELS));
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

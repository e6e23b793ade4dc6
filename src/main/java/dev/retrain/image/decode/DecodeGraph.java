package dev.retrain.image.decode;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.header.HeaderReader;
import dev.retrain.image.decode.header.ImageFormat;
import dev.retrain.image.decode.header.ImageHeader;
import dev.retrain.image.decode.header.PngChunks;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
 * A graph that decodes an image file, applies its EXIF orientation (unlike retrain.py), and
 * processes the pixels with given operations. Owns the graph.
 *
 * <p>TensorFlow's ops decode JPEG and PNG to the same values as in retrain.py: gray becomes three
 * equal channels, CMYK is converted to RGB, 16 bits are truncated to 8, an alpha channel is dropped
 * without blending. ImageIO decodes GIF (the first frame, on its screen), BMP, WebP and TIFF (the
 * first page) to the same form.
 *
 * <p>Thread-safe.
 *
 * @param <T> type of the result
 */
public final class DecodeGraph<T extends TType> implements AutoCloseable {
  /** Maximum number of pixels of a small image, which is converted to floats before resizing. */
  private static final long SMALL = 512 * 512;

  private static final int ORIENTATIONS = 8;

  /** The JPEG op rejects images with more values, width x height x channels; ImageIO doesn't. */
  private static final long MAX_JPEG_SAMPLES = 1L << 29;

  private static final int JPEG_CHANNELS = 3;

  private final int jpegScale;
  private final PixelLimit limit;
  private final Graph graph;
  private final Session session;

  // Inputs, and one output for each EXIF orientation from 1.
  private final Output<TString> contents;
  private final Output<TUint8> pixels;
  private final Output<TUint8> pngPixels;
  private final List<Output<T>> smallOutputs = new ArrayList<>();
  private final List<Output<T>> largeOutputs = new ArrayList<>();

  /** Adds the operations that process decoded pixels. */
  @FunctionalInterface
  public interface PixelOps<T extends TType> {
    /**
     * @param tf adds operations to the graph
     * @param pixels the upright image, uint8 [height, width, 3]
     * @param small whether it has at most {@value #SMALL} pixels
     */
    Operand<T> add(Ops tf, Operand<TUint8> pixels, boolean small);
  }

  /**
   * @param limit maximum size of an image
   * @param pixelOps processes the pixels
   */
  public DecodeGraph(PixelLimit limit, PixelOps<T> pixelOps) {
    this(1, limit, pixelOps);
  }

  /**
   * @param jpegScale divisor of the height and width at which JPEG files are decoded: 1, 2, 4 or 8
   * @param limit maximum size of an image
   * @param pixelOps processes the pixels
   */
  public DecodeGraph(int jpegScale, PixelLimit limit, PixelOps<T> pixelOps) {
    this.jpegScale = jpegScale;
    this.limit = limit;
    graph = TensorFlowRuntime.newGraph();
    try {
      Ops tf = Ops.create(graph);
      Placeholder<TString> file = tf.placeholder(TString.class);
      contents = file.asOutput();
      pixels = // The default DCT method, which retrain.py uses, is the fastest one.
          tf.image
              .decodeJpeg(file, DecodeJpeg.channels(3L), DecodeJpeg.ratio((long) jpegScale))
              .asOutput();
      pngPixels = tf.image.decodePng(file, TUint8.class, DecodePng.channels(3L)).asOutput();
      for (int orientation = 1; orientation <= ORIENTATIONS; orientation++) {
        Operand<TUint8> upright = upright(tf, pixels, orientation);
        smallOutputs.add(pixelOps.add(tf, upright, true).asOutput());
        largeOutputs.add(pixelOps.add(tf, upright, false).asOutput());
      }
      // An image is too small to use several threads for it; callers decode images in parallel.
      session = new Session(graph, SessionConfigs.SINGLE_THREADED);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  // EXIF 2.32, 4.6.4, tag 274: the sides of the scene at row 0 and column 0 of the stored image.
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
   * Decodes and processes one image.
   *
   * @param content the file's bytes
   * @param reader reads the result, which is closed afterwards
   * @return what the reader returns
   * @throws UnreadableImageException if the image can't be decoded
   */
  public <R> R run(byte[] content, Function<T, R> reader) throws UnreadableImageException {
    ImageFormat format = ImageFormat.detect(content);
    ImageHeader header = HeaderReader.read(format, content, limit);
    boolean small = header.pixels() >= 0 && header.pixels() <= SMALL;
    Output<T> output = (small ? smallOutputs : largeOutputs).get(header.orientation() - 1);
    return switch (format) {
      case JPEG ->
          exceedsTensorFlow(header)
              ? runPixels(format, content, header, output, reader)
              : runFile(content, false, output, reader);
      // The JPEG op rejects PNG files if it has a scale.
      case PNG -> runFile(PngChunks.withoutCompressedText(content), jpegScale > 1, output, reader);
      case GIF, BMP, WEBP, TIFF -> runPixels(format, content, header, output, reader);
    };
  }

  private boolean exceedsTensorFlow(ImageHeader header) {
    return header.pixels() * JPEG_CHANNELS / ((long) jpegScale * jpegScale) >= MAX_JPEG_SAMPLES;
  }

  /** Decodes with TensorFlow. */
  private <R> R runFile(byte[] file, boolean png, Output<T> output, Function<T, R> reader)
      throws UnreadableImageException {
    try (TString fed = TString.tensorOfBytes(NdArrays.scalarOfObject(file))) {
      if (!png) {
        return run(contents, fed, output, reader);
      }
      try (Result decoded = session.runner().feed(contents, fed).fetch(pngPixels).run()) {
        return run(pixels, decoded.get(0), output, reader);
      }
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      // TensorFlow's exceptions have no common type.
      throw DecodeFailure.explain(e, file);
    }
  }

  /** Decodes with ImageIO. */
  private <R> R runPixels(
      ImageFormat format,
      byte[] content,
      ImageHeader header,
      Output<T> output,
      Function<T, R> reader)
      throws UnreadableImageException {
    try (TUint8 fed = ImageIoDecoder.decode(format, content, header.pixels(), limit).tensor()) {
      return run(pixels, fed, output, reader);
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      throw DecodeFailure.explain(e, content);
    }
  }

  @SuppressWarnings("unchecked") // The output's type is the tensor's.
  private <R> R run(Output<?> input, Tensor fed, Output<T> output, Function<T, R> reader) {
    try (Result result = session.runner().feed(input, fed).fetch(output).run()) {
      return reader.apply((T) result.get(0));
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}

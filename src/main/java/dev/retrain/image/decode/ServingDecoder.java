package dev.retrain.image.decode;

import dev.retrain.image.Preprocessing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.op.image.DecodeJpeg;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * The operations of {@link ImageDecoder} in a graph that runs without Java. JPEG, PNG, GIF (the
 * first frame) and BMP of 24 or 32 bits give the same values. The EXIF orientation is ignored; WebP
 * is decoded if the TensorFlow that runs the graph supports it; BMP with a palette and TIFF are
 * errors.
 */
public final class ServingDecoder {
  private static final String JPEG = "\u00ff\u00d8\u00ff";

  // A BMP header with 8 bits per pixel, as a pattern of RE2, where \C is any byte.
  private static final String BMP_WITH_PALETTE = "\\ABM\\C{26}\\x08";

  private ServingDecoder() {}

  /**
   * Adds the operations that decode and preprocess image files. A file that can't be decoded fails
   * the whole run.
   *
   * @param tf adds operations to the graph
   * @param contents [n], the bytes of any number of files
   * @param preprocessing size and scale of the result
   * @return [n, height, width, 3]
   */
  public static Operand<TFloat32> decode(
      Ops tf, Operand<TString> contents, Preprocessing preprocessing) {
    try (ConcreteFunction image = ConcreteFunction.create(f -> image(f, preprocessing))) {
      return tf.mapDefun(
              List.of(contents),
              List.of(),
              List.of(TFloat32.class),
              List.of(Shape.of(preprocessing.height(), preprocessing.width(), 3)),
              image)
          .output()
          .get(0)
          .expect(TFloat32.class);
    }
  }

  private static Signature image(Ops tf, Preprocessing preprocessing) {
    Operand<TString> contents = tf.placeholder(TString.class);
    Operand<TString> start =
        tf.strings.substr(contents, tf.constant(0), tf.constant(JPEG.length()));
    try (ConcreteFunction jpeg = ConcreteFunction.create(f -> jpeg(f, preprocessing.jpegScale()));
        ConcreteFunction other = ConcreteFunction.create(ServingDecoder::other)) {
      Operand<TUint8> pixels =
          tf.statelessIf(
                  tf.math.equal(start, tf.constant(StandardCharsets.ISO_8859_1, JPEG)),
                  List.of(contents),
                  List.of(TUint8.class),
                  jpeg,
                  other)
              .output()
              .get(0)
              .expect(TUint8.class);
      return Signature.builder("image")
          .input("contents", contents)
          .output(
              "image",
              tf.squeeze(
                  ImageDecoder.preprocess(tf, pixels, true, preprocessing),
                  Squeeze.axis(List.of(0L))))
          .build();
    }
  }

  private static Signature jpeg(Ops tf, int scale) {
    Operand<TString> contents = tf.placeholder(TString.class);
    return Signature.builder("jpeg")
        .input("contents", contents)
        .output(
            "pixels",
            tf.image.decodeJpeg(contents, DecodeJpeg.channels(3L), DecodeJpeg.ratio((long) scale)))
        .build();
  }

  private static Signature other(Ops tf) {
    Operand<TString> contents = tf.placeholder(TString.class);
    return Signature.builder("other")
        .input("contents", contents)
        .output(
            "pixels",
            tf.image.decodeImage(
                // TensorFlow would use palette indexes as gray values; this makes it an error.
                tf.strings.staticRegexReplace(contents, BMP_WITH_PALETTE, "not decoded"),
                TUint8.class,
                DecodeImage.channels(3L),
                DecodeImage.expandAnimations(false)))
        .build();
  }
}

package dev.retrain.image;

import org.tensorflow.types.TUint8;

/**
 * Turns the bytes of an image file into upright pixels.
 *
 * <p>JPEG and PNG are decoded by TensorFlow's op: grey becomes three equal channels, CMYK is
 * converted, 16 bits are cut to 8, an alpha channel is dropped, not blended. GIF (its first frame),
 * BMP and WebP are decoded by ImageIO to the same form. An image with an EXIF orientation is turned
 * upright.
 *
 * <p>Safe for use by several threads at once.
 */
public final class RgbDecoder implements AutoCloseable {
  // A step of its own: what is fed can't be fetched.
  private final DecodeGraph<TUint8> graph =
      new DecodeGraph<>((tf, pixels, small) -> tf.identity(pixels));

  /**
   * Decodes one image and turns it upright.
   *
   * @param content the file's bytes
   * @return its pixels
   * @throws UnreadableImageException where it can't be decoded
   */
  public RgbImage decode(byte[] content) throws UnreadableImageException {
    return graph.run(content, RgbImage::of);
  }

  @Override
  public void close() {
    graph.close();
  }
}

package dev.retrain.image.decode;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.RgbImage;
import dev.retrain.image.UnreadableImageException;
import org.tensorflow.types.TUint8;

/**
 * Decodes an image file to RGB pixels as {@link DecodeGraph} does, without preprocessing.
 *
 * <p>Thread-safe.
 */
public final class RgbDecoder implements AutoCloseable {
  private final DecodeGraph<TUint8> graph;

  /**
   * @param limit maximum size of an image
   */
  public RgbDecoder(PixelLimit limit) {
    // The identity is needed because a fed tensor can't be fetched.
    graph = new DecodeGraph<>(limit, (tf, pixels, small) -> tf.identity(pixels));
  }

  /**
   * Decodes one image.
   *
   * @param content the file's bytes
   * @throws UnreadableImageException if it can't be decoded
   */
  public RgbImage decode(byte[] content) throws UnreadableImageException {
    return graph.run(content, RgbImage::fromTensor);
  }

  @Override
  public void close() {
    graph.close();
  }
}

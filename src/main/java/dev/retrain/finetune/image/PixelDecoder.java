package dev.retrain.finetune.image;

import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.SkippedFile;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Decodes image files to bytes. Owns the decoder; thread-safe. */
final class PixelDecoder implements AutoCloseable {
  /**
   * The pixels of an image as bytes.
   *
   * @param rgb [height, width, 3], flat; each the nearest integer to the decoder's value
   * @param grayMean mean of the luminance of these bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Decoded(byte[] rgb, float grayMean) {
    /** Shares of red, green and blue in the luminance (ITU-R BT.601), as in Pillow. */
    private static final double[] LUMINANCE = {0.299, 0.587, 0.114};

    /**
     * Rounds values.
     *
     * @param values [height, width, 3], flat, 0 to 255
     */
    static Decoded round(float[] values) {
      byte[] rgb = new byte[values.length];
      long[] sums = new long[LUMINANCE.length];
      for (int i = 0; i < values.length; i++) {
        int value = Math.round(values[i]);
        rgb[i] = (byte) value;
        sums[i % LUMINANCE.length] += value;
      }
      double sum = 0;
      for (int channel = 0; channel < LUMINANCE.length; channel++) {
        sum += LUMINANCE[channel] * sums[channel];
      }
      return new Decoded(rgb, (float) (sum * LUMINANCE.length / values.length));
    }
  }

  private final ImageDecoder decoder;

  /**
   * @param preprocessing determines the size, and how files are decoded
   */
  PixelDecoder(Preprocessing preprocessing) {
    decoder =
        new ImageDecoder(
            new Preprocessing(
                preprocessing.height(),
                preprocessing.width(),
                Normalization.of(0, 1),
                preprocessing.resize(),
                preprocessing.jpegScale(),
                Optional.empty(),
                preprocessing.pixelLimit()));
  }

  /**
   * Decodes an image file.
   *
   * @throws RetrainException if it can't be read or decoded
   */
  Decoded decode(Path image) {
    try {
      return Decoded.round(decoder.decode(RegularFile.read(image)));
    } catch (IOException | UnreadableImageException | OutOfMemoryError e) {
      // Its vector has been computed before, so the file has changed meanwhile.
      throw new RetrainException(
          e,
          "%s can't be used for fine-tuning: %s. Restore or remove it, and train again.",
          image,
          SkippedFile.from(image, e).reason());
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}

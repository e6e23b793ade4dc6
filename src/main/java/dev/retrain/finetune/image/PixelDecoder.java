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
  DecodedImage decode(Path image) {
    try {
      return DecodedImage.round(decoder.decode(RegularFile.read(image)));
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

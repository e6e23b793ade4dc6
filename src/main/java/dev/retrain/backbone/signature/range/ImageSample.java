package dev.retrain.backbone.signature.range;

import java.io.IOException;
import java.util.List;

/** A sample of the user's images, read when it is needed. */
@FunctionalInterface
public interface ImageSample {
  /** No images. */
  ImageSample NONE = count -> List.of();

  /**
   * Reads the images. The same images, whatever their order, give the same sample.
   *
   * @param count maximum number of images
   * @return the contents of image files; some may not be readable as images
   * @throws IOException if the images can't be listed
   */
  List<byte[]> read(int count) throws IOException;
}

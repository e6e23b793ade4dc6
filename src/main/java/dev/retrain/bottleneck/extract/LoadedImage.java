package dev.retrain.bottleneck.extract;

import dev.retrain.bottleneck.cache.KnownFile;
import dev.retrain.dataset.ImageFile;
import java.util.Optional;

/**
 * An image file that has been read.
 *
 * @param file the file
 * @param known its content hash, with its size and time
 * @param content its bytes; absent once they are not needed anymore
 */
record LoadedImage(ImageFile file, KnownFile known, Optional<byte[]> content) {
  /** A copy without the content, which frees its memory. */
  LoadedImage withoutContent() {
    return new LoadedImage(file, known, Optional.empty());
  }
}

package dev.retrain.bottleneck.extract;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.image.SkippedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an extraction did.
 *
 * @param readable the files that have a vector now, in their order
 * @param hashes the hash each readable file's vector is filed under
 * @param computed vectors computed
 * @param reused files whose vector was there already
 * @param skipped files that can't be used
 */
public record ExtractionResult(
    List<ImageFile> readable,
    Map<Path, ContentHash> hashes,
    int computed,
    int reused,
    List<SkippedFile> skipped) {
  /** Copies the collections. */
  public ExtractionResult {
    readable = List.copyOf(readable);
    hashes = Map.copyOf(hashes);
    skipped = List.copyOf(skipped);
  }
}

package dev.retrain.bottleneck.extract;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.image.SkippedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The outcome of an extraction.
 *
 * @param readable the files that have a vector now, in the order of the folder
 * @param hashes the content hash of each readable file, by which its vector is found in the cache
 * @param computed vectors computed
 * @param reused files whose vector was cached or is shared with a file of equal content
 * @param skipped files that can't be used
 */
public record ExtractionResult(
    List<ImageFile> readable,
    Map<Path, ContentHash> hashes,
    int computed,
    int reused,
    List<SkippedFile> skipped) {
  public ExtractionResult {
    readable = List.copyOf(readable);
    hashes = Map.copyOf(hashes);
    skipped = List.copyOf(skipped);
  }
}

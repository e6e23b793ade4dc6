package dev.retrain.bottleneck.cache;

import dev.retrain.backbone.BackboneIdentity;
import dev.retrain.bottleneck.cache.file.VectorCheck;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many images of a folder have their vectors in the cache; scanning writes nothing.
 *
 * @param cached number of images that have a vector
 * @param missing images whose vectors an extraction would compute; of images with equal content the
 *     first
 */
public record CacheCoverage(int cached, List<ImageFile> missing) {
  public CacheCoverage {
    missing = List.copyOf(missing);
  }

  /**
   * Looks up the images of a folder. If the cache has vectors of the backbone at all, this reads
   * the files whose stamps are not known.
   *
   * @param cache the cache
   * @param backbone the backbone
   * @param folder the images
   * @param progress receives the number of files looked up, and may cancel the work
   * @throws CancelledException if the user cancelled
   */
  public static CacheCoverage scan(
      BottleneckCache cache, BackboneIdentity backbone, ImageFolder folder, Progress progress) {
    Set<ContentHash> cachedHashes =
        cache.check(backbone.text()).map(VectorCheck::intact).orElse(Set.of());
    List<ImageFile> files = folder.files();
    if (cachedHashes.isEmpty()) {
      return new CacheCoverage(0, files);
    }
    Map<Path, ContentHash> hashes = ContentHashes.compute(cache, folder, progress);
    List<ImageFile> missing = new ArrayList<>();
    Set<ContentHash> missingHashes = new HashSet<>();
    int cached = 0;
    for (ImageFile file : files) {
      ContentHash hash = hashes.get(file.path());
      if (hash != null && cachedHashes.contains(hash)) {
        cached++;
      } else if (hash == null || missingHashes.add(hash)) {
        // Unreadable files count as missing; extraction reports them.
        missing.add(file);
      }
    }
    return new CacheCoverage(cached, missing);
  }
}

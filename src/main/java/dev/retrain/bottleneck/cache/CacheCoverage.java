package dev.retrain.bottleneck.cache;

import dev.retrain.backbone.BackboneIdentity;
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
 * What an extraction would find in the cache; nothing is written there.
 *
 * @param cached how many images have their vectors there
 * @param missing images whose vectors would be computed, of equal ones the first
 */
public record CacheCoverage(int cached, List<ImageFile> missing) {
  /** Copies the list. */
  public CacheCoverage {
    missing = List.copyOf(missing);
  }

  /**
   * Looks a folder's images up. Those the cache can't tell by their size and time are read, where
   * it holds vectors of the network at all.
   *
   * @param cache the cache
   * @param backbone the network
   * @param folder the images
   * @param progress is told of every image, and may stop it
   * @return what there is
   * @throws CancelledException where the user stopped it
   */
  public static CacheCoverage scan(
      BottleneckCache cache, BackboneIdentity backbone, ImageFolder folder, Progress progress) {
    Set<ContentHash> there =
        cache
            .find(backbone)
            .map(filed -> Set.copyOf(cache.records(filed).keySet()))
            .orElse(Set.of());
    List<ImageFile> files = folder.files();
    if (there.isEmpty()) {
      return new CacheCoverage(0, files);
    }
    Map<Path, ContentHash> hashes = ContentHashes.compute(cache, folder, progress);
    List<ImageFile> missing = new ArrayList<>();
    Set<ContentHash> coming = new HashSet<>();
    int cached = 0;
    for (ImageFile file : files) {
      ContentHash hash = hashes.get(file.path());
      if (hash != null && there.contains(hash)) {
        cached++;
      } else if (hash == null || coming.add(hash)) {
        // One that can't be read, too: extraction will say so.
        missing.add(file);
      }
    }
    return new CacheCoverage(cached, missing);
  }
}

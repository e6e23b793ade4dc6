package dev.retrain.bottleneck;

import dev.retrain.backbone.BackboneIdentity;
import dev.retrain.bottleneck.BottleneckCache.Known;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an extraction would find in the cache; nothing is written there.
 *
 * @param cached how many pictures have their vectors there
 * @param missing pictures whose vectors would be computed, of equal ones the first
 */
public record Coverage(int cached, List<ImageFile> missing) {
  /** Copies the list. */
  public Coverage {
    missing = List.copyOf(missing);
  }

  /**
   * Looks a folder's pictures up. Those the cache can't tell by their size and time are read, where
   * it holds vectors of the network at all.
   *
   * @param cache the cache
   * @param backbone the network
   * @param folder the pictures
   * @param progress is told of every picture, and may stop it
   * @return what there is
   * @throws Cancelled where the user stopped it
   */
  public static Coverage of(
      BottleneckCache cache, BackboneIdentity backbone, ImageFolder folder, Progress progress) {
    Set<ContentHash> there =
        cache
            .find(backbone)
            .map(filed -> Set.copyOf(cache.records(filed).keySet()))
            .orElse(Set.of());
    List<ImageFile> files = folder.files();
    if (there.isEmpty()) {
      return new Coverage(0, files);
    }
    Map<String, Known> known = cache.picturesBelow(folder.directory());
    progress.begin("Looking", "pictures", files.size());
    try {
      List<Optional<ContentHash>> hashes =
          files.parallelStream().map(file -> hash(file, known, progress)).toList();
      List<ImageFile> missing = new ArrayList<>();
      Set<ContentHash> coming = new HashSet<>();
      int cached = 0;
      for (int i = 0; i < files.size(); i++) {
        Optional<ContentHash> hash = hashes.get(i);
        if (hash.isPresent() && there.contains(hash.get())) {
          cached++;
        } else if (hash.isEmpty() || coming.add(hash.get())) {
          missing.add(files.get(i));
        }
      }
      return new Coverage(cached, missing);
    } finally {
      progress.end();
    }
  }

  private static Optional<ContentHash> hash(
      ImageFile file, Map<String, Known> known, Progress progress) {
    if (progress.cancelled()) {
      throw new Cancelled("Interrupted while looking pictures up.");
    }
    progress.advance(1);
    try {
      Known now = Known.now(file.path(), known.get(BottleneckCache.key(file.path())));
      return Optional.of(now.hash());
    } catch (IOException e) {
      // Extraction will say so.
      return Optional.empty();
    }
  }
}

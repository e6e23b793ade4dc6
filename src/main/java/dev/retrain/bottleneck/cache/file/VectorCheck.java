package dev.retrain.bottleneck.cache.file;

import dev.retrain.dataset.ContentHash;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which vectors of a backbone can be read.
 *
 * @param file the vector file
 * @param images the images that have a vector according to the index; not changed afterwards
 * @param damaged those of them whose vectors are missing or damaged
 */
public record VectorCheck(Path file, Set<ContentHash> images, List<ContentHash> damaged) {
  public VectorCheck {
    images = Collections.unmodifiableSet(images);
    damaged = List.copyOf(damaged);
  }

  /** The images whose vectors are neither missing nor damaged, as far as it was checked. */
  public Set<ContentHash> intact() {
    if (damaged.isEmpty()) {
      return images;
    }
    Set<ContentHash> intact = new HashSet<>(images);
    damaged.forEach(intact::remove);
    return intact;
  }
}

package dev.retrain.bottleneck.cache.file;

import dev.retrain.bottleneck.AbstractVectors;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import java.util.List;

/** Vectors that stay on disk because they do not fit into memory; every copy reads one. */
public final class FileVectors extends AbstractVectors {
  private final VectorReader reader;
  private final List<ContentHash> hashes;

  /**
   * @param reader reads the vectors; the caller closes it
   * @param hashes the images
   * @param labels their classes; must not be changed afterwards
   * @param names their names
   */
  public FileVectors(
      VectorReader reader, List<ContentHash> hashes, int[] labels, List<String> names) {
    super(reader.length(), labels, names);
    this.reader = reader;
    this.hashes = List.copyOf(hashes);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    if (!reader.read(hashes.get(index), target, offset)) {
      throw new RetrainException(
          "The cached vector of %s was damaged during the run. Run again; it is then computed"
              + " again.",
          name(index));
    }
  }
}

package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.AbstractVectors;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import java.util.List;

/** Vectors that stay on disk, since they are more than the memory holds; each copy reads one. */
public final class FileVectors extends AbstractVectors {
  private final VectorReader reader;
  private final List<ContentHash> hashes;

  /** The reader stays its owner's; the array is taken over. */
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
          "The vector of %s was damaged while it was in use; run the command again."
              .formatted(name(index)));
    }
  }
}

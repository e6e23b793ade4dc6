package dev.retrain.bottleneck;

import dev.retrain.work.Failure;
import java.util.List;

/** Vectors that stay on disk, since they are more than the memory holds; each copy reads one. */
final class FileVectors extends NamedVectors {
  private final VectorReader reader;
  private final List<ContentHash> hashes;

  /** The reader stays its owner's; the array is taken over. */
  FileVectors(VectorReader reader, List<ContentHash> hashes, int[] labels, List<String> names) {
    super(reader.length(), labels, names);
    this.reader = reader;
    this.hashes = List.copyOf(hashes);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    if (!reader.read(hashes.get(index), target, offset)) {
      throw new Failure(
          "The vector of %s was damaged while it was in use; run the command again."
              .formatted(name(index)));
    }
  }
}

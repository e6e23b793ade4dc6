package dev.retrain.bottleneck;

import dev.retrain.work.Failure;
import java.util.List;

/** Vectors that stay on disk, since they are more than the memory holds; each copy reads one. */
final class FileVectors implements Vectors {
  private final VectorReader reader;
  private final List<ContentHash> hashes;
  private final int[] labels;
  private final List<String> names;

  /** The reader stays its owner's; the array is taken over. */
  FileVectors(VectorReader reader, List<ContentHash> hashes, int[] labels, List<String> names) {
    this.reader = reader;
    this.hashes = List.copyOf(hashes);
    this.labels = labels;
    this.names = List.copyOf(names);
  }

  @Override
  public int count() {
    return labels.length;
  }

  @Override
  public int length() {
    return reader.length();
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return names.get(index);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    if (!reader.read(hashes.get(index), target, offset)) {
      throw new Failure(
          "The vector of %s was damaged while it was in use; run the command again."
              .formatted(names.get(index)));
    }
  }
}

package dev.retrain.bottleneck.cache;

import dev.retrain.backbone.BackboneIdentity;
import dev.retrain.bottleneck.ChunkedVectors;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.bottleneck.cache.file.DamagedVectorsException;
import dev.retrain.bottleneck.cache.file.FileVectors;
import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** Loads the vectors of each partition from a cache. */
public final class VectorLoader {
  private final VectorReader reader;
  private final Map<Path, ContentHash> hashes;
  private final boolean inMemory;
  private final Progress progress;
  private final Queue<ContentHash> damaged = new ConcurrentLinkedQueue<>();

  private VectorLoader(
      VectorReader reader, Map<Path, ContentHash> hashes, boolean inMemory, Progress progress) {
    this.reader = reader;
    this.hashes = hashes;
    this.inMemory = inMemory;
    this.progress = progress;
  }

  /**
   * Loads vectors into memory if they fit, and otherwise leaves them on disk. Every vector is
   * verified; damaged ones are deleted from the cache, so that the next run computes them again.
   *
   * @param cache the cache; may be closed afterwards
   * @param backbone the backbone
   * @param images the images with their partitions
   * @param hashes the content hash of each image
   * @param maxBytes bytes of vectors that may be held in memory
   * @param progress receives the number of vectors loaded
   * @return the vectors in the order of the images; the caller closes them
   * @throws DamagedVectorsException if a vector is missing or damaged
   */
  public static PartitionedVectors load(
      BottleneckCache cache,
      BackboneIdentity backbone,
      List<LabeledImage> images,
      Map<Path, ContentHash> hashes,
      long maxBytes,
      Progress progress) {
    BackboneRow row =
        cache
            .find(backbone)
            .orElseThrow(
                () ->
                    new RetrainException(
                        "The cache %s has no vectors of backbone %s.",
                        cache.file(), backbone.name()));
    VectorReader reader = cache.reader(row);
    progress.begin("Loading", "vectors", images.size());
    try {
      long bytes = (long) images.size() * row.vectorLength() * Float.BYTES;
      VectorLoader loader = new VectorLoader(reader, hashes, bytes <= maxBytes, progress);
      Vectors training = loader.load(images, Partition.TRAINING);
      Vectors validation = loader.load(images, Partition.VALIDATION);
      Vectors test = loader.load(images, Partition.TEST);
      if (!loader.damaged.isEmpty()) {
        cache.deleteVectors(row, loader.damaged);
        throw new DamagedVectorsException(loader.damaged.size(), images.size(), reader.path());
      }
      return new PartitionedVectors(training, validation, test, reader);
    } catch (RuntimeException | Error e) {
      try (reader) {
        throw e;
      }
    } finally {
      progress.end();
    }
  }

  private Vectors load(List<LabeledImage> all, Partition partition) {
    List<LabeledImage> images = PartitionedVectors.select(all, partition);
    List<ContentHash> keys = images.stream().map(image -> hashes.get(image.path())).toList();
    int[] labels = PartitionedVectors.labels(images);
    List<String> names = PartitionedVectors.names(images);
    float[][] chunks =
        IntStream.range(0, ChunkedVectors.chunks(keys.size()))
            .parallel()
            .mapToObj(chunk -> readChunk(keys, chunk * ChunkedVectors.CHUNK))
            .toArray(float[][]::new);
    return inMemory
        ? new ChunkedVectors(chunks, reader.length(), labels, names)
        : new FileVectors(reader, keys, labels, names);
  }

  /** Reads and verifies a chunk; its content is undefined if vectors stay on disk. */
  private float[] readChunk(List<ContentHash> keys, int from) {
    int to = Math.min(from + ChunkedVectors.CHUNK, keys.size());
    float[] chunk = new float[Math.multiplyExact(inMemory ? to - from : 1, reader.length())];
    for (int i = from; i < to; i++) {
      if (!reader.read(keys.get(i), chunk, inMemory ? (i - from) * reader.length() : 0)) {
        damaged.add(keys.get(i));
      }
    }
    progress.advance((long) to - from);
    return chunk;
  }
}

package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.BottleneckCache.Filed;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * The vectors of every partition: in memory where they fit, read from the cache's file as they are
 * needed where they don't.
 *
 * @param training those to fit to
 * @param validation those to choose by
 * @param test those to look at once
 * @param source what is open while they are in use
 */
public record PartitionedVectors(
    Vectors training, Vectors validation, Vectors test, AutoCloseable source)
    implements AutoCloseable {
  /** Vectors read by one thread in a row. */
  private static final int PIECE = 1024;

  /** Floats that fit into one array. */
  private static final long MAX_FLOATS = Integer.MAX_VALUE - 8L;

  /**
   * Reads vectors from a cache. Each is checked; damaged ones are dropped from the cache.
   *
   * @param cache the cache; not needed afterwards
   * @param backbone the network
   * @param images the pictures with their partitions
   * @param hashes the hash each picture's vector is filed under
   * @param maxBytes how many bytes of vectors may be held in memory
   * @param progress is told of every vector
   * @return the vectors, in the order of the pictures; to be closed
   * @throws Failure where one is missing or damaged
   */
  public static PartitionedVectors load(
      BottleneckCache cache,
      Backbone backbone,
      List<LabeledImage> images,
      Map<Path, ContentHash> hashes,
      long maxBytes,
      Progress progress) {
    Filed filed =
        cache
            .find(backbone.identity())
            .orElseThrow(
                () ->
                    new Failure(
                        "%s holds no vectors of %s.".formatted(cache.file(), backbone.name())));
    VectorReader reader = cache.reader(filed);
    progress.begin("Loading", "vectors", images.size());
    try {
      long floats = (long) images.size() * filed.vectorLength();
      boolean inMemory = floats * Float.BYTES <= maxBytes && floats < MAX_FLOATS;
      Loading loading = new Loading(reader, hashes, inMemory, progress);
      Vectors training = loading.load(images, Partition.TRAINING);
      Vectors validation = loading.load(images, Partition.VALIDATION);
      Vectors test = loading.load(images, Partition.TEST);
      if (!loading.damaged.isEmpty()) {
        cache.drop(filed, loading.damaged);
        throw new Failure(
            ("%d vectors in %s were missing or damaged and are dropped; run the command again, and"
                    + " they are computed anew.")
                .formatted(loading.damaged.size(), cache.file().getParent()));
      }
      return new PartitionedVectors(training, validation, test, reader);
    } catch (RuntimeException e) {
      try (reader) {
        throw e;
      }
    } finally {
      progress.end();
    }
  }

  /**
   * Deals vectors that are in memory.
   *
   * @param images the pictures with their partitions
   * @param vectors the vector of each, all of one length; not to be changed
   * @return the vectors, in the order of the pictures
   */
  public static PartitionedVectors of(List<LabeledImage> images, Map<Path, float[]> vectors) {
    return new PartitionedVectors(
        part(images, Partition.TRAINING, vectors),
        part(images, Partition.VALIDATION, vectors),
        part(images, Partition.TEST, vectors),
        () -> {});
  }

  private static Vectors part(
      List<LabeledImage> images, Partition partition, Map<Path, float[]> vectors) {
    List<LabeledImage> part = of(images, partition);
    List<float[]> rows = part.stream().map(image -> vectors.get(image.path())).toList();
    int length = rows.isEmpty() ? 0 : rows.get(0).length;
    return new RowVectors(rows, length, labels(part), names(part));
  }

  private static List<LabeledImage> of(List<LabeledImage> images, Partition partition) {
    return images.stream().filter(image -> image.partition() == partition).toList();
  }

  private static int[] labels(List<LabeledImage> images) {
    return images.stream().mapToInt(LabeledImage::label).toArray();
  }

  private static List<String> names(List<LabeledImage> images) {
    return images.stream().map(image -> image.path().toString()).toList();
  }

  /** One cache's vectors on their way to partitions. */
  private record Loading(
      VectorReader reader,
      Map<Path, ContentHash> hashes,
      boolean inMemory,
      Collection<ContentHash> damaged,
      Progress progress) {
    Loading(
        VectorReader reader, Map<Path, ContentHash> hashes, boolean inMemory, Progress progress) {
      this(reader, hashes, inMemory, new ConcurrentLinkedQueue<>(), progress);
    }

    Vectors load(List<LabeledImage> images, Partition partition) {
      List<LabeledImage> part = of(images, partition);
      List<ContentHash> of = part.stream().map(image -> hashes.get(image.path())).toList();
      int[] labels = labels(part);
      float[] values = new float[inMemory ? Math.multiplyExact(labels.length, reader.length()) : 0];
      int pieces = (labels.length + PIECE - 1) / PIECE;
      IntStream.range(0, pieces).parallel().forEach(piece -> read(of, piece * PIECE, values));
      return inMemory
          ? new FlatVectors(values, reader.length(), labels, names(part))
          : new FileVectors(reader, of, labels, names(part));
    }

    private void read(List<ContentHash> of, int from, float[] values) {
      int to = Math.min(from + PIECE, of.size());
      float[] target = inMemory ? values : new float[reader.length()];
      for (int i = from; i < to; i++) {
        if (!reader.read(of.get(i), target, inMemory ? i * reader.length() : 0)) {
          damaged.add(of.get(i));
        }
      }
      progress.advance((long) to - from);
    }
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

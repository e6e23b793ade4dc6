package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.BottleneckCache.Filed;
import dev.retrain.bottleneck.cache.FileVectors;
import dev.retrain.bottleneck.cache.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.nio.file.Path;
import java.util.ArrayList;
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
  /**
   * Reads vectors from a cache. Each is checked; damaged ones are dropped from the cache.
   *
   * @param cache the cache; not needed afterwards
   * @param backbone the network
   * @param images the images with their partitions
   * @param hashes the hash each image's vector is filed under
   * @param maxBytes how many bytes of vectors may be held in memory
   * @param progress is told of every vector
   * @return the vectors, in the order of the images; to be closed
   * @throws RetrainException where one is missing or damaged
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
                    new RetrainException(
                        "%s holds no vectors of %s.".formatted(cache.file(), backbone.name())));
    VectorReader reader = cache.reader(filed);
    progress.begin("Loading", "vectors", images.size());
    try {
      long bytes = (long) images.size() * filed.vectorLength() * Float.BYTES;
      boolean inMemory = bytes <= maxBytes;
      Loading loading = new Loading(reader, hashes, inMemory, progress);
      Vectors training = loading.load(images, Partition.TRAINING);
      Vectors validation = loading.load(images, Partition.VALIDATION);
      Vectors test = loading.load(images, Partition.TEST);
      if (!loading.damaged.isEmpty()) {
        cache.drop(filed, loading.damaged);
        throw new RetrainException(
            ("%d vectors in %s were missing or damaged and are dropped; run the command again, and"
                    + " they are computed anew.")
                .formatted(loading.damaged.size(), cache.file().getParent()));
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

  /**
   * Deals vectors that are in memory.
   *
   * @param images the images with their partitions
   * @param vectors the vector of each, all of one length; not to be changed
   * @return the vectors, in the order of the images
   */
  public static PartitionedVectors of(List<LabeledImage> images, Map<Path, float[]> vectors) {
    return new PartitionedVectors(
        part(images, Partition.TRAINING, vectors),
        part(images, Partition.VALIDATION, vectors),
        part(images, Partition.TEST, vectors),
        () -> {});
  }

  /**
   * Adds more vectors to train on.
   *
   * @param more vectors of the same length whose training partition alone is used
   * @return these with those after them; owns all of them now
   */
  public PartitionedVectors withTraining(List<PartitionedVectors> more) {
    List<Vectors> parts = new ArrayList<>(List.of(training));
    more.forEach(vectors -> parts.add(vectors.training()));
    return new PartitionedVectors(
        new ConcatVectors(parts),
        validation,
        test,
        () -> {
          try (source) {
            more.forEach(PartitionedVectors::close);
          }
        });
  }

  private static Vectors part(
      List<LabeledImage> images, Partition partition, Map<Path, float[]> vectors) {
    List<LabeledImage> part = of(images, partition);
    List<float[]> rows = part.stream().map(image -> vectors.get(image.path())).toList();
    int length = rows.isEmpty() ? 0 : rows.get(0).length;
    return new ArrayVectors(rows, length, labels(part), names(part));
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
      int pieces = (labels.length + ChunkedVectors.PIECE - 1) / ChunkedVectors.PIECE;
      float[][] values =
          IntStream.range(0, pieces)
              .parallel()
              .mapToObj(piece -> read(of, piece * ChunkedVectors.PIECE))
              .toArray(float[][]::new);
      return inMemory
          ? new ChunkedVectors(values, reader.length(), labels, names(part))
          : new FileVectors(reader, of, labels, names(part));
    }

    /** Reads a piece, which holds nothing of use where vectors stay on disk. */
    private float[] read(List<ContentHash> of, int from) {
      int to = Math.min(from + ChunkedVectors.PIECE, of.size());
      float[] piece = new float[Math.multiplyExact(inMemory ? to - from : 1, reader.length())];
      for (int i = from; i < to; i++) {
        if (!reader.read(of.get(i), piece, inMemory ? (i - from) * reader.length() : 0)) {
          damaged.add(of.get(i));
        }
      }
      progress.advance((long) to - from);
      return piece;
    }
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.BottleneckCache.Reader;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The vectors of every partition, in memory.
 *
 * @param training those to fit to
 * @param validation those to choose by
 * @param test those to look at once
 */
public record PartitionedVectors(Vectors training, Vectors validation, Vectors test) {
  /**
   * Reads vectors from a cache.
   *
   * @param cache the cache
   * @param backbone the network
   * @param vectorLength its vectors' length
   * @param images the pictures with their partitions
   * @param hashes the hash each picture's vector is filed under
   * @param progress is told of every vector
   * @return the vectors, in the order of the pictures
   * @throws Failure where one is missing, or they are too many for one array
   */
  public static PartitionedVectors load(
      BottleneckCache cache,
      Backbone backbone,
      int vectorLength,
      List<LabeledImage> images,
      Map<Path, ContentHash> hashes,
      Progress progress) {
    progress.begin("Loading", "vectors", images.size());
    try (Reader reader = cache.reader(cache.backboneId(backbone, vectorLength), vectorLength)) {
      return new PartitionedVectors(
          load(reader, vectorLength, images, Partition.TRAINING, hashes, progress),
          load(reader, vectorLength, images, Partition.VALIDATION, hashes, progress),
          load(reader, vectorLength, images, Partition.TEST, hashes, progress));
    } finally {
      progress.end();
    }
  }

  private static Vectors load(
      Reader reader,
      int length,
      List<LabeledImage> images,
      Partition partition,
      Map<Path, ContentHash> hashes,
      Progress progress) {
    List<LabeledImage> part =
        images.stream().filter(image -> image.partition() == partition).toList();
    if ((long) part.size() * length > Integer.MAX_VALUE - 8) {
      throw new Failure(
          "%,d vectors of %,d floats are too many for one array in memory; use fewer pictures or a"
                  .formatted(part.size(), length)
              + " backbone with shorter vectors.");
    }
    float[] values = new float[part.size() * length];
    int[] labels = new int[part.size()];
    for (int i = 0; i < labels.length; i++) {
      reader.read(hashes.get(part.get(i).path()), values, i * length);
      labels[i] = part.get(i).label();
      progress.advance(1);
    }
    return new FlatVectors(
        values, length, labels, part.stream().map(image -> image.path().toString()).toList());
  }
}

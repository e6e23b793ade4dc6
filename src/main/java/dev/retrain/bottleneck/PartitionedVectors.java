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
    try (Reader reader =
        cache.reader(cache.backboneId(backbone.identity(), vectorLength), vectorLength)) {
      return new PartitionedVectors(
          load(reader, vectorLength, images, Partition.TRAINING, hashes, progress),
          load(reader, vectorLength, images, Partition.VALIDATION, hashes, progress),
          load(reader, vectorLength, images, Partition.TEST, hashes, progress));
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
        part(images, Partition.TEST, vectors));
  }

  private static Vectors part(
      List<LabeledImage> images, Partition partition, Map<Path, float[]> vectors) {
    List<LabeledImage> part = of(images, partition);
    List<float[]> rows = part.stream().map(image -> vectors.get(image.path())).toList();
    return new RowVectors(
        rows,
        rows.get(0).length,
        part.stream().mapToInt(LabeledImage::label).toArray(),
        part.stream().map(image -> image.path().toString()).toList());
  }

  private static List<LabeledImage> of(List<LabeledImage> images, Partition partition) {
    return images.stream().filter(image -> image.partition() == partition).toList();
  }

  private static Vectors load(
      Reader reader,
      int length,
      List<LabeledImage> images,
      Partition partition,
      Map<Path, ContentHash> hashes,
      Progress progress) {
    List<LabeledImage> part = of(images, partition);
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

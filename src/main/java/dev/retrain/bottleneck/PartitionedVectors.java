package dev.retrain.bottleneck;

import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.labels.ImageLabels;
import dev.retrain.dataset.labels.LabelSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The vectors of every partition, in memory or read from a file when they are needed.
 *
 * <p>Owns what the vectors are read from.
 *
 * @param training vectors to fit to
 * @param validation vectors to choose settings by
 * @param test vectors to measure the final accuracy on
 * @param source what the vectors are read from; {@link #close()} closes it
 */
public record PartitionedVectors(
    Vectors training, Vectors validation, Vectors test, AutoCloseable source)
    implements AutoCloseable {
  /**
   * Partitions vectors that are in memory.
   *
   * @param images the images with their partitions
   * @param vectors the vector of each image, all of equal length; must not be changed afterwards
   * @return the vectors of each partition, in the order of the images
   */
  public static PartitionedVectors partition(
      List<LabeledImage> images, Map<Path, float[]> vectors) {
    return new PartitionedVectors(
        partition(images, vectors, Partition.TRAINING),
        partition(images, vectors, Partition.VALIDATION),
        partition(images, vectors, Partition.TEST),
        () -> {});
  }

  private static Vectors partition(
      List<LabeledImage> all, Map<Path, float[]> vectors, Partition partition) {
    List<LabeledImage> images = select(all, partition);
    List<float[]> rows = images.stream().map(image -> vectors.get(image.path())).toList();
    int length = rows.isEmpty() ? 0 : rows.get(0).length;
    return new ArrayVectors(rows, length, labels(images), names(images));
  }

  /** The images of a partition, in their order. */
  public static List<LabeledImage> select(List<LabeledImage> images, Partition partition) {
    return images.stream().filter(image -> image.partition() == partition).toList();
  }

  /** The classes of images. */
  public static int[] labels(List<LabeledImage> images) {
    return images.stream().mapToInt(LabeledImage::label).toArray();
  }

  /** The names of images as {@link Vectors#name} gives them: their paths. */
  public static List<String> names(List<LabeledImage> images) {
    return images.stream().map(image -> image.path().toString()).toList();
  }

  /**
   * Appends training vectors, such as those of augmented images.
   *
   * @param more vectors of equal length, of which only the training partition is used
   * @return these vectors followed by the others; owns all of them
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

  /**
   * The same vectors with the classes of their images.
   *
   * @param labels the classes; images with exactly one class have it already
   */
  public PartitionedVectors with(ImageLabels labels) {
    return labels
        .sets()
        .map(sets -> annotated(Optional.of(byName(sets)), Optional.empty()))
        .orElse(this);
  }

  /**
   * The same vectors with weights of their images in the training loss.
   *
   * @param weights the weight of each image, finite and above 0; 1 for an image without one
   */
  public PartitionedVectors weighted(Map<Path, Float> weights) {
    return annotated(Optional.empty(), Optional.of(byName(weights)));
  }

  private PartitionedVectors annotated(
      Optional<Map<String, LabelSet>> sets, Optional<Map<String, Float>> weights) {
    return new PartitionedVectors(
        new AnnotatedVectors(training, sets, weights),
        new AnnotatedVectors(validation, sets, weights),
        new AnnotatedVectors(test, sets, weights),
        source);
  }

  private static <T> Map<String, T> byName(Map<Path, T> byPath) {
    Map<String, T> byName = new HashMap<>();
    byPath.forEach((path, value) -> byName.put(path.toString(), value));
    return byName;
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

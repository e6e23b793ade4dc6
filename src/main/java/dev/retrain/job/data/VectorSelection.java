package dev.retrain.job.data;

import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Vectors of several sets of a split, in the order of the entries.
 *
 * @param entries the vectors
 * @param length floats per vector
 */
public record VectorSelection(List<Entry> entries, int length) implements Vectors {
  public VectorSelection {
    entries = List.copyOf(entries);
  }

  /**
   * A vector of a set.
   *
   * @param partition the set it belongs to
   * @param vectors the vectors of that set
   * @param index its index in that set
   * @param name the name of its image
   */
  public record Entry(Partition partition, Vectors vectors, int index, String name) {
    /** Index of its only class. */
    public int label() {
      return vectors.label(index);
    }

    /** Indexes of its classes, ascending; must not be changed. */
    public int[] labels() {
      return vectors.labels(index);
    }
  }

  /**
   * The vectors of all sets in the order of their images.
   *
   * @param vectors vectors that are loaded for these images
   * @param images the images; entries are named after them
   */
  public static VectorSelection inOrder(PartitionedVectors vectors, List<LabeledImage> images) {
    Map<Partition, Integer> next = new EnumMap<>(Partition.class);
    List<Entry> entries = new ArrayList<>();
    for (LabeledImage image : images) {
      int index = next.merge(image.partition(), 1, Integer::sum) - 1;
      Vectors set = vectors(vectors, image.partition());
      entries.add(new Entry(image.partition(), set, index, image.name()));
    }
    int length = entries.isEmpty() ? 0 : entries.get(0).vectors().length();
    return new VectorSelection(entries, length);
  }

  /** The vectors of all sets: training, validation, test. */
  public static List<Entry> entries(PartitionedVectors vectors) {
    List<Entry> entries = new ArrayList<>();
    for (Partition partition : Partition.values()) {
      Vectors set = vectors(vectors, partition);
      IntStream.range(0, set.count())
          .forEach(i -> entries.add(new Entry(partition, set, i, set.name(i))));
    }
    return entries;
  }

  private static Vectors vectors(PartitionedVectors vectors, Partition partition) {
    return switch (partition) {
      case TRAINING -> vectors.training();
      case VALIDATION -> vectors.validation();
      case TEST -> vectors.test();
    };
  }

  @Override
  public int count() {
    return entries.size();
  }

  @Override
  public int label(int index) {
    return entries.get(index).label();
  }

  @Override
  public int[] labels(int index) {
    return entries.get(index).labels();
  }

  @Override
  public float weight(int index) {
    Entry entry = entries.get(index);
    return entry.vectors().weight(entry.index());
  }

  @Override
  public String name(int index) {
    return entries.get(index).name();
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    Entry entry = entries.get(index);
    entry.vectors().copy(entry.index(), target, offset);
  }
}

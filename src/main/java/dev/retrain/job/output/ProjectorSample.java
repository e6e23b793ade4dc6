package dev.retrain.job.output;

import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.dataset.Partition;
import java.util.ArrayList;
import java.util.List;

/**
 * Some of the vectors of all partitions: as many of each class, as far as it has them, evenly
 * spread over its images. The same vectors give the same sample.
 *
 * <p>A vector is named by its place in the sample, so that it is told apart in a test's mistakes.
 *
 * @param points where each vector is
 * @param length floats in a vector
 */
record ProjectorSample(List<Point> points, int length) implements Vectors {
  /** Copies the list. */
  ProjectorSample {
    points = List.copyOf(points);
  }

  /**
   * A vector's place.
   *
   * @param partition what it is used for
   * @param vectors the vectors of that partition
   * @param index its index among them
   */
  record Point(Partition partition, Vectors vectors, int index) {
    int label() {
      return vectors.label(index);
    }

    /** Its image, or the file of it. */
    String file() {
      return vectors.name(index);
    }
  }

  /**
   * Draws one.
   *
   * @param vectors what from
   * @param classes number of classes
   * @param most how many at most
   */
  static ProjectorSample draw(PartitionedVectors vectors, int classes, int most) {
    List<List<Point>> byClass = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      byClass.add(new ArrayList<>());
    }
    add(byClass, Partition.TRAINING, vectors.training());
    add(byClass, Partition.VALIDATION, vectors.validation());
    add(byClass, Partition.TEST, vectors.test());
    int[] shares = shares(byClass.stream().mapToInt(List::size).toArray(), most);
    List<Point> points = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      List<Point> members = byClass.get(label);
      for (int i = 0; i < shares[label]; i++) {
        points.add(members.get((int) ((long) i * members.size() / shares[label])));
      }
    }
    return new ProjectorSample(points, vectors.training().length());
  }

  private static void add(List<List<Point>> byClass, Partition partition, Vectors vectors) {
    for (int i = 0; i < vectors.count(); i++) {
      byClass.get(vectors.label(i)).add(new Point(partition, vectors, i));
    }
  }

  /**
   * How many of each class: all that are, or the same number for every class that has more; what is
   * left then goes to the first of these, one each.
   *
   * @param counts how many each class has
   * @param most how many are wanted in all
   */
  static int[] shares(int[] counts, int most) {
    int[] shares = new int[counts.length];
    int left = most;
    boolean given = true;
    while (left > 0 && given) {
      int hungry = 0;
      for (int label = 0; label < counts.length; label++) {
        hungry += counts[label] > shares[label] ? 1 : 0;
      }
      int each = hungry == 0 ? 0 : Math.max(1, left / hungry);
      given = false;
      for (int label = 0; label < counts.length && left > 0; label++) {
        int more = Math.min(Math.min(each, left), counts[label] - shares[label]);
        shares[label] += more;
        left -= more;
        given |= more > 0;
      }
    }
    return shares;
  }

  @Override
  public int count() {
    return points.size();
  }

  @Override
  public int label(int index) {
    return points.get(index).label();
  }

  @Override
  public String name(int index) {
    return Integer.toString(index);
  }

  @Override
  public void copy(int index, float[] target, int offset) {
    Point point = points.get(index);
    point.vectors().copy(point.index(), target, offset);
  }
}

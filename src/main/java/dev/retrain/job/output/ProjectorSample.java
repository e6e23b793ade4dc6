package dev.retrain.job.output;

import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.job.data.VectorSelection;
import dev.retrain.job.data.VectorSelection.Entry;
import dev.retrain.util.EvenIndexes;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws vectors from all sets: the same number from each class as far as the class has enough, and
 * evenly spaced within the class. Deterministic.
 */
final class ProjectorSample {
  private ProjectorSample() {}

  /**
   * Draws a sample.
   *
   * @param vectors the vectors of all sets
   * @param classes number of classes
   * @param max upper limit of the sample's size
   */
  static VectorSelection draw(PartitionedVectors vectors, int classes, int max) {
    List<List<Entry>> byClass = new ArrayList<>();
    for (int label = 0; label <= classes; label++) {
      byClass.add(new ArrayList<>());
    }
    // An image with several classes counts for the first of them, one without a class for itself.
    VectorSelection.entries(vectors)
        .forEach(
            entry ->
                byClass.get(entry.labels().length == 0 ? classes : entry.labels()[0]).add(entry));
    int[] shares = shares(byClass.stream().mapToInt(List::size).toArray(), max);
    List<Entry> sample = new ArrayList<>();
    for (int label = 0; label <= classes; label++) {
      List<Entry> members = byClass.get(label);
      EvenIndexes.of(members.size(), shares[label]).forEach(i -> sample.add(members.get(i)));
    }
    return new VectorSelection(sample, vectors.training().length());
  }

  /**
   * The sample size of each class: all vectors of a small class, an equal number for every larger
   * class. The first of the larger classes get one more each if the rest can't be divided equally.
   *
   * @param counts number of vectors of each class
   * @param max upper limit of the total
   */
  static int[] shares(int[] counts, int max) {
    int[] shares = new int[counts.length];
    int remaining = max;
    boolean assigned = true;
    while (remaining > 0 && assigned) {
      int unfilled = 0;
      for (int label = 0; label < counts.length; label++) {
        unfilled += counts[label] > shares[label] ? 1 : 0;
      }
      int each = unfilled == 0 ? 0 : Math.max(1, remaining / unfilled);
      assigned = false;
      for (int label = 0; label < counts.length && remaining > 0; label++) {
        int more = Math.min(Math.min(each, remaining), counts[label] - shares[label]);
        shares[label] += more;
        remaining -= more;
        assigned |= more > 0;
      }
    }
    return shares;
  }
}

package dev.retrain.report.multilabel;

import dev.retrain.evaluation.multilabel.MultiLabelPredictions;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions.Misclassification;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The misclassifications that a report shows.
 *
 * @param falsePositives the most probable predicted classes that their image doesn't have
 * @param falseNegatives the least probable classes of an image that are not predicted
 * @param falsePositiveCount number of all false positives
 * @param falseNegativeCount number of all false negatives
 */
public record TopMisclassifications(
    List<Misclassification> falsePositives,
    List<Misclassification> falseNegatives,
    int falsePositiveCount,
    int falseNegativeCount) {
  private static final int MAX = 24;

  public TopMisclassifications {
    falsePositives = List.copyOf(falsePositives);
    falseNegatives = List.copyOf(falseNegatives);
  }

  /**
   * Selects the most confident ones.
   *
   * @param predictions all predictions
   * @param maxImages maximum number of images in the report, at least 0
   */
  public static TopMisclassifications select(MultiLabelPredictions predictions, int maxImages) {
    List<Misclassification> positives = predictions.falsePositives();
    List<Misclassification> negatives = predictions.falseNegatives();
    int first = Math.min(MAX, (maxImages + 1) / 2);
    int second = Math.min(MAX, maxImages - first);
    return new TopMisclassifications(
        positives.subList(0, Math.min(first, positives.size())),
        negatives.subList(0, Math.min(second, negatives.size())),
        positives.size(),
        negatives.size());
  }

  /** The images of the mistakes, as indexes of the predictions, ascending. */
  public Set<Integer> images() {
    Set<Integer> images = new TreeSet<>();
    falsePositives.forEach(mistake -> images.add(mistake.index()));
    falseNegatives.forEach(mistake -> images.add(mistake.index()));
    return images;
  }
}

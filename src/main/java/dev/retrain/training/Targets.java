package dev.retrain.training;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a head is trained to predict.
 *
 * @param labels the classes, in the order of the head's outputs
 * @param objective whether an image has exactly one of them, or any number
 */
public record Targets(List<String> labels, Objective objective) {
  public Targets {
    labels = List.copyOf(labels);
  }

  /** One class per image; the classes are named by their indexes. */
  public static Targets singleLabel(int classes) {
    return new Targets(
        IntStream.range(0, classes).mapToObj(String::valueOf).toList(), Objective.SINGLE_LABEL);
  }

  /** Number of classes. */
  public int classes() {
    return labels.size();
  }
}

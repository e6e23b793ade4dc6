package dev.retrain.evaluation;

import java.util.List;

/**
 * How a layer did on vectors with known labels.
 *
 * @param count how many vectors
 * @param accuracy share of them told, 0 to 1
 * @param loss their mean softmax cross-entropy, in nats
 * @param mistakes those told wrong, in order
 */
public record TestResult(int count, double accuracy, double loss, List<Mistake> mistakes) {
  /**
   * An image told wrong.
   *
   * @param name the image
   * @param label its class
   * @param predicted the class it was taken for
   * @param probability how sure the layer was, 0 to 1
   */
  public record Mistake(String name, int label, int predicted, float probability) {}

  /** Copies the list. */
  public TestResult {
    mistakes = List.copyOf(mistakes);
  }
}

package dev.retrain.evaluation;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import java.util.List;
import java.util.stream.IntStream;

/** Runs a classifier on labeled vectors, batch by batch; every evaluation of the tool uses it. */
public final class Evaluator {
  private Evaluator() {}

  /** A classifier on feature vectors. */
  @FunctionalInterface
  public interface VectorClassifier {
    /**
     * @param vectors [count, length], flat
     * @param count number of vectors
     * @return [count, classes], flat
     */
    float[] classify(float[] vectors, int count);
  }

  /**
   * Evaluates a trained head.
   *
   * @param head the head
   * @param labels the classes, in the order of the head's outputs
   * @param vectors labeled vectors
   * @param batchSize vectors per batch, at least 1; bounds the memory of a batch
   * @return the predictions, with log-probabilities, in the order of the vectors
   */
  public static Predictions evaluate(
      Head head, List<String> labels, Vectors vectors, int batchSize) {
    try (HeadSession session = new HeadSession(head)) {
      return Predictions.ofLogProbabilities(
          labels,
          names(vectors),
          actual(vectors),
          run(session::run, labels.size(), vectors, batchSize));
    }
  }

  /**
   * Evaluates a classifier that returns probabilities.
   *
   * @param classifier returns probabilities; each row sums to 1
   * @param labels the classes, in the order of the classifier's outputs
   * @param vectors labeled vectors
   * @param batchSize vectors per batch, at least 1; bounds the memory of a batch
   * @return the predictions, in the order of the vectors
   */
  public static Predictions evaluate(
      VectorClassifier classifier, List<String> labels, Vectors vectors, int batchSize) {
    return new Predictions(
        labels,
        names(vectors),
        actual(vectors),
        run(classifier, labels.size(), vectors, batchSize));
  }

  /**
   * The probabilities of a trained head that predicts any number of classes.
   *
   * @param head the head
   * @param vectors vectors
   * @param batchSize vectors per batch, at least 1; bounds the memory of a batch
   * @return [count, classes], flat
   */
  public static float[] probabilities(Head head, Vectors vectors, int batchSize) {
    if (head.objective() != Objective.MULTI_LABEL) {
      throw new IllegalArgumentException("the head predicts exactly one class");
    }
    try (HeadSession session = new HeadSession(head)) {
      return run(session::run, head.classes(), vectors, batchSize);
    }
  }

  private static List<String> names(Vectors vectors) {
    return IntStream.range(0, vectors.count()).mapToObj(vectors::name).toList();
  }

  private static int[] actual(Vectors vectors) {
    return IntStream.range(0, vectors.count()).map(vectors::label).toArray();
  }

  /**
   * Runs a classifier, batch by batch.
   *
   * @param classifier the classifier
   * @param classes number of classes
   * @param vectors vectors
   * @param batchSize vectors per batch, at least 1; bounds the memory of a batch
   * @return [count, classes], flat
   */
  public static float[] run(
      VectorClassifier classifier, int classes, Vectors vectors, int batchSize) {
    float[] outputs = new float[Math.multiplyExact(vectors.count(), classes)];
    for (int from = 0; from < vectors.count(); from += batchSize) {
      int size = Math.min(batchSize, vectors.count() - from);
      float[] values = new float[Math.multiplyExact(size, vectors.length())];
      for (int i = 0; i < size; i++) {
        vectors.copy(from + i, values, i * vectors.length());
      }
      System.arraycopy(
          classifier.classify(values, size), 0, outputs, from * classes, size * classes);
    }
    return outputs;
  }
}

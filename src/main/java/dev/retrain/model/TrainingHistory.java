package dev.retrain.model;

import dev.retrain.training.Evaluation;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A training's course, a list a column: so it takes a few lines of a model's description.
 *
 * @param iterations updates made
 * @param trainingAccuracy see {@link Evaluation}, as all of these
 * @param trainingLoss in nats
 * @param validationAccuracy 0 to 1
 * @param validationLoss in nats
 */
public record TrainingHistory(
    List<Integer> iterations,
    List<Double> trainingAccuracy,
    List<Double> trainingLoss,
    List<Double> validationAccuracy,
    List<Double> validationLoss) {
  /** More would make the file large, and no curve better. */
  private static final int MAX = 1000;

  /** Copies the lists, which are of one length. */
  public TrainingHistory {
    iterations = List.copyOf(iterations);
    trainingAccuracy = List.copyOf(trainingAccuracy);
    trainingLoss = List.copyOf(trainingLoss);
    validationAccuracy = List.copyOf(validationAccuracy);
    validationLoss = List.copyOf(validationLoss);
    int count = iterations.size();
    if (Stream.of(trainingAccuracy, trainingLoss, validationAccuracy, validationLoss)
        .anyMatch(column -> column.size() != count)) {
      throw new IllegalArgumentException("the columns of a history are of different lengths");
    }
  }

  /**
   * Keeps a training's course; of a long one every second, third, ... evaluation.
   *
   * @param evaluations every evaluation, in order
   * @param best the one whose layer was kept, which stays in any case, as does the last
   */
  public static TrainingHistory of(List<Evaluation> evaluations, Evaluation best) {
    int step = (evaluations.size() + MAX - 1) / MAX;
    int last = evaluations.size() - 1;
    List<Evaluation> kept =
        IntStream.rangeClosed(0, last)
            .filter(i -> (last - i) % step == 0 || evaluations.get(i).equals(best))
            .mapToObj(evaluations::get)
            .toList();
    return new TrainingHistory(
        column(kept, Evaluation::iteration),
        column(kept, Evaluation::trainingAccuracy),
        column(kept, Evaluation::trainingLoss),
        column(kept, Evaluation::validationAccuracy),
        column(kept, Evaluation::validationLoss));
  }

  private static <T> List<T> column(List<Evaluation> rows, Function<Evaluation, T> value) {
    return rows.stream().map(value).toList();
  }

  /** The evaluations again. */
  public List<Evaluation> evaluations() {
    return IntStream.range(0, iterations.size())
        .mapToObj(
            i ->
                new Evaluation(
                    iterations.get(i),
                    trainingAccuracy.get(i),
                    trainingLoss.get(i),
                    validationAccuracy.get(i),
                    validationLoss.get(i)))
        .toList();
  }
}

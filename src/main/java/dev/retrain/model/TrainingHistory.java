package dev.retrain.model;

import dev.retrain.training.Evaluation;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The evaluations of a training, a list per column, so that they take few lines of the metadata.
 *
 * @param iterations number of updates before the evaluation
 * @param trainingAccuracy 0 to 1; see {@link Evaluation} for all columns
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
  /** More would enlarge the file without improving the curves. */
  private static final int MAX = 1000;

  /** All lists must have the same length. */
  public TrainingHistory {
    iterations = List.copyOf(iterations);
    trainingAccuracy = List.copyOf(trainingAccuracy);
    trainingLoss = List.copyOf(trainingLoss);
    validationAccuracy = List.copyOf(validationAccuracy);
    validationLoss = List.copyOf(validationLoss);
    int count = iterations.size();
    if (Stream.of(trainingAccuracy, trainingLoss, validationAccuracy, validationLoss)
        .anyMatch(column -> column.size() != count)) {
      throw new IllegalArgumentException("the columns of a history have different lengths");
    }
  }

  /**
   * Records evaluations; of many only every second, third, ... one.
   *
   * @param evaluations all evaluations, in order
   * @param best the one whose weights are kept; it is always recorded, as is the last one
   */
  public static TrainingHistory of(List<Evaluation> evaluations, Evaluation best) {
    int step = (evaluations.size() + MAX - 1) / MAX;
    int last = evaluations.size() - 1;
    List<Evaluation> kept =
        IntStream.rangeClosed(0, last)
            .filter(
                i -> (last - i) % step == 0 || evaluations.get(i).iteration() == best.iteration())
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

  /** The recorded evaluations. */
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

package dev.retrain.training.head;

import dev.retrain.training.LearningRate;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.graph.StepSettings;
import java.util.OptionalInt;

/**
 * What happens at which iteration. Iterations count from 1.
 *
 * @param learningRate the learning-rate schedule
 * @param averageDecay decay of the moving average, 0 to 1
 * @param iterations total number of iterations
 * @param evaluationInterval iterations from one evaluation to the next
 * @param histogramInterval evaluations from one with histograms to the next; 0 for no histograms
 * @param earlyStop number of evaluations without improvement that ends the training, if any
 */
record TrainingSchedule(
    LearningRate learningRate,
    double averageDecay,
    int iterations,
    int evaluationInterval,
    int histogramInterval,
    OptionalInt earlyStop) {
  /**
   * The schedule of a training.
   *
   * @param options how to train
   * @param images number of training images
   */
  static TrainingSchedule create(TrainingOptions options, int images) {
    return new TrainingSchedule(
        options.optimizer().learningRate(),
        options.regularization().averageDecay(),
        options.sampling().iterations(images),
        options.evalStepInterval().orElseGet(() -> options.sampling().evalStepInterval(images)),
        options.histogramInterval(),
        options.earlyStop());
  }

  float learningRate(int iteration) {
    return learningRate.at(iteration - 1, iterations);
  }

  StepSettings settings(int iteration) {
    int step = iteration - 1;
    return new StepSettings(step, learningRate(iteration), correctedAverageDecay(step));
  }

  // Bias-corrected like Adam's moments: the average starts from the first updated weights.
  private float correctedAverageDecay(int step) {
    return (float)
        (averageDecay
            * (1 - Math.pow(averageDecay, step))
            / (1 - Math.pow(averageDecay, step + 1.0)));
  }

  boolean isLast(int iteration) {
    return iteration == iterations;
  }

  boolean evaluatesAfter(int iteration) {
    return iteration % evaluationInterval == 0;
  }

  /** Whether an evaluation, by its index from 0, has histograms. */
  boolean hasHistograms(int evaluation) {
    return histogramInterval > 0 && evaluation % histogramInterval == 0;
  }

  boolean stopsEarly(int evaluationsWithoutImprovement) {
    return earlyStop.isPresent() && evaluationsWithoutImprovement >= earlyStop.getAsInt();
  }
}

package dev.retrain.training.head;

import static dev.retrain.training.head.TestTraining.CLASSES;
import static dev.retrain.training.head.TestTraining.INPUTS;
import static dev.retrain.training.head.TestTraining.NO_LEARNING;
import static dev.retrain.training.head.TestTraining.TOLERANCE;
import static dev.retrain.training.head.TestTraining.TRAINING;
import static dev.retrain.training.head.TestTraining.VALIDATION;
import static dev.retrain.training.head.TestTraining.adam;
import static dev.retrain.training.head.TestTraining.bestOf;
import static dev.retrain.training.head.TestTraining.initialHead;
import static dev.retrain.training.head.TestTraining.options;
import static dev.retrain.training.head.TestTraining.referenceMetrics;
import static dev.retrain.training.head.TestTraining.regularization;
import static dev.retrain.training.head.TestTraining.train;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.testing.FixedVectors;
import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.ReferenceNetwork.Metrics;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadTrainerTest {
  @Test
  void headOfTheBestEvaluationIsReturned() {
    // With few images and a high learning rate, it soon overfits.
    FixedVectors few = FixedVectors.clustered(3, 9, INPUTS, CLASSES, 2.5);

    TrainingResult result = train(options(300, 5).optimizer(adam(0.1)), few, VALIDATION);

    assertThat(result.history()).hasSize(60);
    assertThat(result.best())
        .isEqualTo(bestOf(result.history()))
        .isNotEqualTo(result.history().get(59));
    Metrics metrics = referenceMetrics(result.head(), VALIDATION);
    assertThat(metrics.accuracy()).isCloseTo(result.best().validationAccuracy(), TOLERANCE);
    assertThat(metrics.loss()).isCloseTo(result.best().validationLoss(), Offset.offset(1e-4));
    assertThat(result.cancelled()).isFalse();
  }

  @Test
  void separableClustersAreClassifiedPerfectly() {
    FixedVectors training = FixedVectors.clustered(5, 90, INPUTS, CLASSES, 0.1);
    FixedVectors validation = FixedVectors.clustered(6, 90, INPUTS, CLASSES, 0.1);

    TrainingResult result =
        train(
            options(200, 10)
                .regularization(regularization().averageDecay(0.9).standardize(true).build()),
            training,
            validation);

    assertThat(referenceMetrics(result.head(), validation).accuracy()).isEqualTo(1);
  }

  @Test
  void evaluationsRunAtEachIntervalAndAtTheEnd() {
    assertThat(train(options(23, 10)).history())
        .extracting(Evaluation::iteration)
        .containsExactly(10, 20, 23);
    assertThat(train(options(20, 10)).history())
        .extracting(Evaluation::iteration)
        .containsExactly(10, 20);
    assertThat(train(options(3, 10)).history())
        .extracting(Evaluation::iteration)
        .containsExactly(3);
  }

  @Test
  void epochsAreEvaluatedOnceByDefault() {
    TrainingResult result = train(options(new Sampling.Epochs(3, 50)));

    assertThat(result.history()).extracting(Evaluation::iteration).containsExactly(3, 6, 9);
  }

  @Test
  void everyTenthIterationIsEvaluatedByDefault() {
    TrainingResult result = train(options(new Sampling.Balanced(20, 5)));

    assertThat(result.history()).extracting(Evaluation::iteration).containsExactly(10, 20);
  }

  @Test
  void trainingStopsEarlyWithoutImprovement() {
    // All validation labels are wrong, so the accuracy falls as the training proceeds.
    int[] wrong = Arrays.stream(VALIDATION.labels()).map(label -> (label + 1) % CLASSES).toArray();

    TrainingResult result =
        train(options(1000, 2).earlyStop(4), TRAINING, VALIDATION.labelled(wrong));

    int best = result.history().indexOf(bestOf(result.history()));
    assertThat(result.history()).hasSize(best + 1 + 4);
    assertThat(result.best()).isEqualTo(result.history().get(best));
    assertThat(result.cancelled()).isFalse();
  }

  @Test
  void earlyStoppingIgnoresTheLoss() {
    FixedVectors training = FixedVectors.clustered(5, 90, INPUTS, CLASSES, 0.1);
    FixedVectors validation = FixedVectors.clustered(6, 90, INPUTS, CLASSES, 0.1);

    TrainingResult result =
        train(options(400, 2).earlyStop(3).optimizer(adam(0.01)), training, validation);

    double highest = bestOf(result.history()).validationAccuracy();
    int first =
        result.history().stream().map(Evaluation::validationAccuracy).toList().indexOf(highest);
    assertThat(result.history()).hasSize(first + 1 + 3);
  }

  @Test
  void dropoutAffectsUpdatesButNotEvaluations() {
    // The weights do not change, so only dropout makes a difference.
    TrainingOptions.Builder options =
        options(40, 1).optimizer(adam(NO_LEARNING)).hiddenUnits(List.of(64)).seed(3);
    TrainingResult without = train(options);
    TrainingResult with = train(options.regularization(regularization().dropout(0.5).build()));

    assertThat(with.history())
        .extracting(Evaluation::validationLoss)
        .containsOnly(without.best().validationLoss());
    long different =
        IntStream.range(0, 40)
            .filter(
                i ->
                    with.history().get(i).trainingLoss() != without.history().get(i).trainingLoss())
            .count();
    assertThat(different).isEqualTo(40);
  }

  @Test
  void layersTooLargeForAModelFileAreRejected() {
    // Each unit has INPUTS weights, a bias, and a weight for each class; each class has a bias.
    assertThatThrownBy(() -> initialHead(100_000_000))
        .isInstanceOfSatisfying(
            RetrainException.class,
            e -> assertThat(e.settings()).containsExactly(Setting.HIDDEN_UNITS))
        .hasMessageContaining("1,000,000,003");
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "1, 1, 1", "2, 0, 2", "2, 1, 2", "10, 0, 2", "10, 1, 2"})
  void divergenceReportsIterationAndLearningRate(int interval, int histogramInterval, int found) {
    TrainingOptions.Builder options =
        options(10, interval).histogramInterval(histogramInterval).optimizer(adam(1e38));

    assertThatThrownBy(() -> train(options))
        .isInstanceOfSatisfying(
            TrainingDivergedException.class,
            e -> assertThat(e.settings()).containsExactly(Setting.LEARNING_RATE))
        .hasMessageContainingAll("iteration %d ".formatted(found), "1.0E38");
  }

  @Test
  void divergenceInTheLastUpdateIsDetected() {
    assertThatThrownBy(() -> train(options(1, 1).optimizer(adam(1e38))))
        .isInstanceOf(TrainingDivergedException.class);
  }
}

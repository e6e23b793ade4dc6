package dev.retrain.training.head;

import static dev.retrain.training.head.TestTraining.CLASSES;
import static dev.retrain.training.head.TestTraining.INPUTS;
import static dev.retrain.training.head.TestTraining.NO_LEARNING;
import static dev.retrain.training.head.TestTraining.TOLERANCE;
import static dev.retrain.training.head.TestTraining.TRAINING;
import static dev.retrain.training.head.TestTraining.VALIDATION;
import static dev.retrain.training.head.TestTraining.adam;
import static dev.retrain.training.head.TestTraining.options;
import static dev.retrain.training.head.TestTraining.referenceMetrics;
import static dev.retrain.training.head.TestTraining.train;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.testing.FixedVectors;
import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.ReferenceNetwork.Metrics;
import org.junit.jupiter.api.Test;

class ValidationBatchesTest {
  /** Counts how often a vector is read. */
  private static final class CountingVectors implements Vectors {
    private final Vectors vectors;
    private int copies;

    CountingVectors(Vectors vectors) {
      this.vectors = vectors;
    }

    @Override
    public int count() {
      return vectors.count();
    }

    @Override
    public int length() {
      return vectors.length();
    }

    @Override
    public int label(int index) {
      return vectors.label(index);
    }

    @Override
    public String name(int index) {
      return vectors.name(index);
    }

    @Override
    public void copy(int index, float[] target, int offset) {
      copies++;
      vectors.copy(index, target, offset);
    }
  }

  @Test
  void evaluationReadsTheRequestedNumberOfImages() {
    CountingVectors validation = new CountingVectors(VALIDATION);

    TrainingResult result = train(options(50, 10).validationBatchSize(7), TRAINING, validation);

    assertThat(validation.copies).isEqualTo(5 * 7);
    for (Evaluation evaluation : result.history()) {
      double correct = 7 * evaluation.validationAccuracy();
      assertThat(correct).isCloseTo(Math.rint(correct), TOLERANCE);
    }
  }

  @Test
  void eachEvaluationDrawsNewImages() {
    // The weights do not change, so only the images make a difference.
    TrainingResult result =
        train(options(4, 1).optimizer(adam(NO_LEARNING)).validationBatchSize(5));

    assertThat(result.history()).extracting(Evaluation::validationLoss).doesNotHaveDuplicates();
  }

  @Test
  void severalBatchesCoverAllImages() {
    FixedVectors many = FixedVectors.clustered(8, 9001, INPUTS, CLASSES, 1.5);

    TrainingResult result = train(options(20, 20), TRAINING, many);

    Metrics metrics = referenceMetrics(result.head(), many);
    assertThat(result.best().validationAccuracy()).isCloseTo(metrics.accuracy(), TOLERANCE);
    assertThat(result.best().validationLoss()).isCloseTo(metrics.loss(), TOLERANCE);
  }
}

package dev.retrain.training.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.testing.FixedVectors;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Head;
import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import dev.retrain.training.Regularization;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.ReferenceNetwork.Metrics;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.Progress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.assertj.core.data.Offset;

/** Small trainings on random clusters. */
final class TestTraining {
  static final int CLASSES = 3;
  static final int INPUTS = 6;
  static final int BATCH_SIZE = 20;
  static final FixedVectors TRAINING = FixedVectors.clustered(1, 120, INPUTS, CLASSES, 1.5);
  static final FixedVectors VALIDATION = FixedVectors.clustered(2, 61, INPUTS, CLASSES, 1.5);
  static final Offset<Double> TOLERANCE = Offset.offset(1e-5);

  /** A learning rate so small that updates do not change the weights. */
  static final double NO_LEARNING = 1e-30;

  private TestTraining() {}

  /** Class-balanced batches, Adam, no regularization. */
  static TrainingOptions.Builder options(int iterations, int evalStepInterval) {
    return options(new Sampling.Balanced(iterations, BATCH_SIZE))
        .evalStepInterval(evalStepInterval);
  }

  /** Adam, no regularization, default evaluation interval. */
  static TrainingOptions.Builder options(Sampling sampling) {
    return TrainingOptions.builder()
        .sampling(sampling)
        .optimizer(new Optimizer.Adam(new LearningRate.Staircase(0.02, 5, 0.7)))
        .regularization(Regularization.NONE)
        .seed(11);
  }

  /** Adam with a constant learning rate. */
  static Optimizer adam(double rate) {
    return new Optimizer.Adam(new LearningRate.Constant(rate));
  }

  /** A builder that starts without any regularization. */
  static Regularization.Builder regularization() {
    return Regularization.NONE.toBuilder();
  }

  static TrainingResult train(TrainingOptions.Builder options) {
    return train(options, TRAINING, VALIDATION);
  }

  static TrainingResult train(
      TrainingOptions.Builder options, Vectors training, Vectors validation) {
    return train(options, training, validation, Progress.NONE);
  }

  static TrainingResult train(
      TrainingOptions.Builder options, Vectors training, Vectors validation, Progress progress) {
    return new HeadTrainer(options.build(), TrainingListener.NONE, progress)
        .train(training, validation, CLASSES);
  }

  /** The initial head: that after one update without learning. */
  static Head initialHead(Integer... hiddenUnits) {
    return train(options(1, 1).optimizer(adam(NO_LEARNING)).hiddenUnits(List.of(hiddenUnits)))
        .head();
  }

  /** The only layer of the head. */
  static DenseWeights onlyLayer(TrainingResult result) {
    assertThat(result.head().layers()).hasSize(1);
    return result.head().layers().get(0);
  }

  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  static Evaluation bestOf(List<Evaluation> history) {
    return history.stream()
        .min(
            Comparator.comparingDouble((Evaluation e) -> -e.validationAccuracy())
                .thenComparingDouble(Evaluation::validationLoss))
        .orElseThrow();
  }

  /** Metrics of a head according to {@link ReferenceNetwork}. */
  static Metrics referenceMetrics(Head head, Vectors vectors) {
    return new ReferenceNetwork(head)
        .evaluate(ReferenceNetwork.rows(vectors), ReferenceNetwork.labels(vectors));
  }
}

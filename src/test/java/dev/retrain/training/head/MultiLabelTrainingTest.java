package dev.retrain.training.head;

import static dev.retrain.training.head.TestTraining.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.testing.MultiLabelVectors;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.training.Targets;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.metric.AveragePrecision;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.Summary;

/** Trainings for images with any number of classes. */
class MultiLabelTrainingTest {
  private static final Targets TARGETS = new Targets(List.of("a", "b", "c"), Objective.MULTI_LABEL);
  private static final MultiLabelVectors TRAINING = MultiLabelVectors.random(1, 300, 6, CLASSES);
  private static final MultiLabelVectors VALIDATION = MultiLabelVectors.random(2, 150, 6, CLASSES);

  private static Stream<TrainingOptions.Builder> trainings() {
    return Stream.of(
        TestTraining.options(120, 20),
        TestTraining.options(new Sampling.Epochs(8, 20)),
        TestTraining.options(120, 20)
            .hiddenUnits(List.of(7))
            .regularization(
                TestTraining.regularization()
                    .standardize(true)
                    .dropout(0.2)
                    .labelSmoothing(0.1)
                    .weightDecay(0.1)
                    .averageDecay(0.9)
                    .l2(5)
                    .build()));
  }

  private static TrainingResult train(TrainingOptions options, TrainingListener listener) {
    return new HeadTrainer(options, listener, Progress.NONE).train(TRAINING, VALIDATION, TARGETS);
  }

  /** Logits in double precision. */
  private static double[] logits(Head head, float[] x) {
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = x[i];
    }
    for (int l = 0; l < head.layers().size(); l++) {
      DenseWeights layer = head.layers().get(l);
      double[] next = new double[layer.outputs()];
      for (int o = 0; o < next.length; o++) {
        next[o] = layer.biases()[o];
        for (int i = 0; i < values.length; i++) {
          next[o] += values[i] * layer.weights()[i * next.length + o];
        }
        next[o] = l < head.layers().size() - 1 ? Math.max(0, next[o]) : next[o];
      }
      values = next;
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void evaluationsAreThoseOfTheHead(TrainingOptions.Builder options) {
    List<List<String>> tags = new ArrayList<>();
    TrainingResult result =
        train(
            options.build(),
            new TrainingListener() {
              @Override
              public void evaluated(Evaluation evaluation, Summary training, Summary validation) {
                tags.add(validation.getValueList().stream().map(Summary.Value::getTag).toList());
              }
            });

    double[][] targets = VALIDATION.multiHot(CLASSES);
    float[] scores = new float[VALIDATION.count() * CLASSES];
    float[] hot = new float[scores.length];
    double loss = 0;
    for (int row = 0; row < targets.length; row++) {
      double[] logits = logits(result.head(), VALIDATION.rows()[row]);
      for (int label = 0; label < CLASSES; label++) {
        scores[row * CLASSES + label] = (float) logits[label];
        hot[row * CLASSES + label] = (float) targets[row][label];
        double sign = 2 * targets[row][label] - 1;
        loss += Math.log1p(Math.exp(-sign * logits[label])) / scores.length;
      }
    }
    assertThat(result.head().objective()).isEqualTo(Objective.MULTI_LABEL);
    assertThat(result.best().validationLoss()).isCloseTo(loss, within(1e-5));
    assertThat(result.best().validationAccuracy())
        .isCloseTo(
            AveragePrecision.mean(AveragePrecision.perClass(scores, hot, CLASSES)), within(1e-3));
    assertThat(result.best()).isEqualTo(TestTraining.bestOf(result.history()));
    // A random ranking has about the share of the images that have the class.
    assertThat(result.best().validationAccuracy()).isGreaterThan(0.75);
    assertThat(tags)
        .allSatisfy(
            evaluation ->
                assertThat(evaluation)
                    .contains("mean_average_precision", "binary_cross_entropy")
                    .doesNotContain("accuracy", "cross_entropy"));
  }

  /** The metric of a batch is computed in the graph; here the batch has all images. */
  @Test
  void metricOfABatchIsItsAveragePrecision() {
    TrainingResult result =
        train(
            TestTraining.options(new Sampling.Epochs(3, TRAINING.count())).build(),
            TrainingListener.NONE);
    TrainingResult before =
        train(
            TestTraining.options(new Sampling.Epochs(2, TRAINING.count())).build(),
            TrainingListener.NONE);
    assertThat(before.best()).isEqualTo(before.history().get(1));
    float[] scores = new float[TRAINING.count() * CLASSES];
    float[] hot = new float[scores.length];
    double[][] targets = TRAINING.multiHot(CLASSES);
    for (int row = 0; row < targets.length; row++) {
      double[] logits = logits(before.head(), TRAINING.rows()[row]);
      for (int label = 0; label < CLASSES; label++) {
        scores[row * CLASSES + label] = (float) logits[label];
        hot[row * CLASSES + label] = (float) targets[row][label];
      }
    }
    assertThat(result.history().get(2).trainingAccuracy())
        .isCloseTo(
            AveragePrecision.mean(AveragePrecision.perClass(scores, hot, CLASSES)), within(1e-3));
  }
}

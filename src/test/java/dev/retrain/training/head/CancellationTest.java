package dev.retrain.training.head;

import static dev.retrain.training.head.TestTraining.CLASSES;
import static dev.retrain.training.head.TestTraining.INPUTS;
import static dev.retrain.training.head.TestTraining.TOLERANCE;
import static dev.retrain.training.head.TestTraining.TRAINING;
import static dev.retrain.training.head.TestTraining.VALIDATION;
import static dev.retrain.training.head.TestTraining.bestOf;
import static dev.retrain.training.head.TestTraining.onlyLayer;
import static dev.retrain.training.head.TestTraining.options;
import static dev.retrain.training.head.TestTraining.referenceMetrics;
import static dev.retrain.training.head.TestTraining.train;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingResult;
import dev.retrain.util.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CancellationTest {
  /** Counts iterations and cancels after some of them. */
  private static final class CancellingProgress implements Progress {
    private final long cancelAfter;
    private final List<String> calls = new ArrayList<>();
    private long advanced;

    CancellingProgress(long cancelAfter) {
      this.cancelAfter = cancelAfter;
    }

    @Override
    public void begin(String stage, String unit, long total) {
      calls.add("begin " + total);
    }

    @Override
    public void advance(long count) {
      advanced += count;
    }

    @Override
    public void end() {
      calls.add("end " + advanced);
    }

    @Override
    public boolean cancelled() {
      return advanced >= cancelAfter;
    }
  }

  @Test
  void cancelledTrainingReturnsTheBestHeadSoFar() {
    CancellingProgress progress = new CancellingProgress(42);

    TrainingResult result = train(options(1000, 10), TRAINING, VALIDATION, progress);

    assertThat(result.cancelled()).isTrue();
    assertThat(progress.advanced).isBetween(42L, 43L);
    assertThat(result.history().subList(0, 4))
        .extracting(Evaluation::iteration)
        .containsExactly(10, 20, 30, 40);
    assertThat(result.best()).isEqualTo(bestOf(result.history()));
    assertThat(referenceMetrics(result.head(), VALIDATION).loss())
        .isCloseTo(result.best().validationLoss(), TOLERANCE);
  }

  @Test
  void trainingCancelledAtOnceReturnsAHead() {
    TrainingResult result =
        train(options(1000, 10), TRAINING, VALIDATION, new CancellingProgress(0));

    assertThat(result.cancelled()).isTrue();
    assertThat(result.history()).hasSize(1);
    assertThat(onlyLayer(result).weights()).hasSize(INPUTS * CLASSES);
  }

  @Test
  void trainingCancelledInItsLastIterationIsComplete() {
    TrainingResult result =
        train(options(20, 10), TRAINING, VALIDATION, new CancellingProgress(19));

    assertThat(result.cancelled()).isFalse();
    assertThat(result.history()).hasSize(2);
  }

  @Test
  void progressCountsAllIterations() {
    CancellingProgress progress = new CancellingProgress(Long.MAX_VALUE);

    train(options(23, 10), TRAINING, VALIDATION, progress);

    assertThat(progress.calls).containsExactly("begin 23", "end 23");
  }
}

package dev.retrain.finetune.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.Objective;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTargetsTest {
  /** By hand: half of image 0 with label 0, and half of image 1 with label 1. */
  @ParameterizedTest
  @CsvSource({"1, 1, 0.5", "3, 1, 0.75", "1, 0, 1", "0, 1, 0", "0, 0, 0.5"})
  void mixedTargetsAreProbabilities(float weight, float otherWeight, float first) {
    ImageTargets targets =
        new ImageTargets(
            new int[][] {{0}, {1}},
            2,
            Objective.SINGLE_LABEL,
            0,
            Optional.of(new float[] {weight, otherWeight}));
    float[] target = new float[2];
    targets.write(0, 1, 0.5, target, 0);
    assertThat(target).containsExactly(first, 1 - first);
  }
}

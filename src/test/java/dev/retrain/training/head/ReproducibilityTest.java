package dev.retrain.training.head;

import static dev.retrain.training.head.TestTraining.bits;
import static dev.retrain.training.head.TestTraining.onlyLayer;
import static dev.retrain.training.head.TestTraining.options;
import static dev.retrain.training.head.TestTraining.regularization;
import static dev.retrain.training.head.TestTraining.train;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReproducibilityTest {
  @Test
  void equalSeedsGiveBitIdenticalHeads() {
    TrainingOptions.Builder options =
        options(60, 10)
            .regularization(regularization().averageDecay(0.998).standardize(true).build());

    TrainingResult first = train(options);
    TrainingResult second = train(options);

    assertThat(bits(onlyLayer(second).weights())).isEqualTo(bits(onlyLayer(first).weights()));
    assertThat(bits(onlyLayer(second).biases())).isEqualTo(bits(onlyLayer(first).biases()));
    assertThat(second.history()).isEqualTo(first.history());
  }

  @Test
  void differentSeedsGiveDifferentWeights() {
    TrainingResult first = train(options(60, 10).seed(1));
    TrainingResult second = train(options(60, 10).seed(2));

    assertThat(onlyLayer(second).weights()).isNotEqualTo(onlyLayer(first).weights());
    assertThat(onlyLayer(second).biases()).isNotEqualTo(onlyLayer(first).biases());
  }

  @Test
  void seedZeroIsReproducible() {
    TrainingOptions.Builder options = options(5, 5).seed(0);

    assertThat(bits(onlyLayer(train(options)).weights()))
        .isEqualTo(bits(onlyLayer(train(options)).weights()));
  }

  @Test
  void dropoutDependsOnTheSeed() {
    TrainingOptions.Builder options =
        options(20, 10)
            .hiddenUnits(List.of(16, 8))
            .regularization(regularization().dropout(0.4).build());

    TrainingResult first = train(options.seed(1));
    TrainingResult second = train(options.seed(1));

    assertThat(second.history()).isEqualTo(first.history());
    for (int i = 0; i < 3; i++) {
      assertThat(bits(second.head().layers().get(i).weights()))
          .isEqualTo(bits(first.head().layers().get(i).weights()));
    }
    assertThat(train(options.seed(2)).history()).isNotEqualTo(first.history());
  }
}

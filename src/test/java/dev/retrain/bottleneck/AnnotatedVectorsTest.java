package dev.retrain.bottleneck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.labels.ImageLabels;
import dev.retrain.testing.FixedVectors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnotatedVectorsTest {
  private static PartitionedVectors vectors() {
    return new PartitionedVectors(
        FixedVectors.clustered(1, 4, 3, 2, 1),
        FixedVectors.clustered(2, 2, 3, 2, 1),
        FixedVectors.clustered(3, 2, 3, 2, 1),
        () -> {});
  }

  @Test
  void labelsAreFoundByName() {
    PartitionedVectors annotated =
        vectors()
            .with(
                ImageLabels.multiple(
                    List.of("a", "b", "c"),
                    Map.of(Path.of("image-0"), List.of("c", "a"), Path.of("image-1"), List.of())));
    assertThat(annotated.training().labels(0)).containsExactly(0, 2);
    assertThat(annotated.validation().labels(1)).isEmpty();
    assertThat(annotated.training().weight(0)).isEqualTo(1);
    assertThatThrownBy(() -> annotated.training().label(0))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  /** Also of distorted variants, which follow the images and have their names. */
  @Test
  void weightsAreFoundByName() {
    PartitionedVectors annotated =
        vectors()
            .withTraining(List.of(vectors()))
            .weighted(Map.of(Path.of("image-1"), 2.5f, Path.of("image-3"), 0.5f));
    assertThat(annotated.training().count()).isEqualTo(8);
    for (int copy = 0; copy < 2; copy++) {
      assertThat(annotated.training().weight(4 * copy)).isEqualTo(1);
      assertThat(annotated.training().weight(4 * copy + 1)).isEqualTo(2.5f);
      assertThat(annotated.training().weight(4 * copy + 3)).isEqualTo(0.5f);
      assertThat(annotated.training().label(4 * copy + 1)).isEqualTo(1);
    }
  }

  @Test
  void exactlyOneLabelIsKept() {
    PartitionedVectors plain = vectors();
    assertThat(plain.with(ImageLabels.single(List.of("a", "b")))).isSameAs(plain);
  }
}

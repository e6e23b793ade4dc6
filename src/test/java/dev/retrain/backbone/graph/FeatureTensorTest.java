package dev.retrain.backbone.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureTensorTest {
  @ParameterizedTest
  @CsvSource({
    "pool_3:0, pool_3:0, pool_3:0, 1, 1",
    "pool_3, pool_3:0, pool_3:0, 1, 1",
    "pool_3:0@1x1, pool_3:0, pool_3:0, 1, 1",
    "mixed_8/join:0@2x2, mixed_8/join:0@2x2, mixed_8/join:0, 2, 2",
    "mixed_8/join@1x3, mixed_8/join:0@1x3, mixed_8/join:0, 1, 3",
    "split:2@10x12, split:2@10x12, split:2, 10, 12",
  })
  void textFormIsParsed(String typed, String spelled, String tensor, int rows, int columns) {
    assertThat(FeatureTensor.parse(typed))
        .isEqualTo(new FeatureTensor(tensor, rows, columns))
        .hasToString(spelled);
    assertThat(FeatureTensor.parse(spelled)).isEqualTo(FeatureTensor.parse(typed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "@2x2", "a@", "a@2", "a@2x", "a@0x2", "a@2x2x2", "a@2x2@2x2", "a@-1x2"})
  void otherTextIsRejected(String typed) {
    assertThatThrownBy(() -> FeatureTensor.parse(typed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'%s'".formatted(typed));
  }

  @Test
  void tensorsOmitTheGrid() {
    assertThat(FeatureTensor.tensors(List.of("a@2x2", "b:1"))).containsExactly("a:0", "b:1");
  }
}

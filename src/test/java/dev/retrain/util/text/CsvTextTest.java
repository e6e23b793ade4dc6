package dev.retrain.util.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+1",
        "-rf",
        "@x",
        "\tx",
        "\rx",
        "\nx",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "'=1",
        "'quoted'"
      })
  void formulaIsMarkedAndRestored(String text) {
    assertThat(CsvText.cell(text)).isEqualTo("'" + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cat", "a=1", " =1", "1-2", "it's", "images/-rf", "\u732b"})
  void otherTextStays(String text) {
    assertThat(CsvText.cell(text)).isEqualTo(text);
  }
}

package dev.retrain.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrainPySpellingsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "train --image_dir a_b --architecture x, train --image-dir a_b --backbone x",
        "train --learning_rate=0.1 --how_many_training_steps 5, train --learning-rate=0.1 --iterations 5",
        "bottleneck --architecture=x, bottleneck --backbone=x",
        "bottleneck --image_dir import --architecture x, bottleneck --image-dir import --backbone x",
        "bottleneck import d --architecture x, bottleneck import d --architecture x",
        "bottleneck export d --architecture=, bottleneck export d --architecture=",
        "train --vectors d --architecture x, train --vectors d --architecture x",
        "train --architecture=x --vectors=d, train --architecture=x --vectors=d",
      })
  void anOptionGetsThisToolsName(String typed, String translated) {
    assertThat(RetrainPySpellings.translate(typed.split(" ", -1)))
        .containsExactly(translated.split(" ", -1));
  }
}

package dev.retrain.finetune.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageDistortionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none                                | none
          flip                                | flip
          shift=0.125,flip                    | flip,shift=0.125
          flip=1,shift=.5                     | flip,shift=0.5
          flip=0,rotation=0                   | none
          ' flip , rotation = 15 '            | flip,rotation=15
          shift,crop,zoom,rotation            | shift=0.125,crop=0.5,zoom=0.1,rotation=10
          shear,brightness,contrast           | shear=0.1,brightness=0.2,contrast=0.2
          saturation,erasing,mixup            | saturation=0.2,erasing=0.25,mixup=0.2
          randaugment                         | randaugment=2,9
          randaugment=3                       | randaugment=3,9
          randaugment=2,28.5,flip             | flip,randaugment=2,28.5
          randaugment=0,5                     | none
          """)
  void textIsParsed(String text, String canonical) {
    ImageDistortions parsed = DistortionParser.parse(text);
    assertThat(parsed).hasToString(canonical);
    assertThat(DistortionParser.parse(canonical)).isEqualTo(parsed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          blur                | must be none or a comma-separated list of flip, shift, crop,
          blur                | randaugment, but contains 'blur'
          ''                  | but contains ''
          'flip,'             | but contains ''
          none,flip           | but contains 'none'
          Flip                | but contains 'Flip'
          flip,3              | but contains '3'
          randaugment,9       | but contains '9'
          randaugment=2,9,9   | but contains '9'
          flip,shift=.1,flip  | must have flip only once
          shift=              | must have a number after shift=, but has ''
          shift=big           | must have a number after shift=, but has 'big'
          shift=1.5           | must have a shift from 0 to 1, but has 1.5
          shift=-0.1          | must have a shift from 0 to 1, but has -0.1
          rotation=NaN        | must have a rotation from 0 to 180, but has NaN
          rotation=Infinity   | must have a rotation from 0 to 180, but has Infinity
          crop=1              | must have a crop from 0 to 0.95, but has 1
          flip=0.5            | must have an integer for flip, but has 0.5
          randaugment=1.5     | must have an integer for randaugment, but has 1.5
          randaugment=2,31    | must have a magnitude of randaugment from 0 to 30, but has 31
          """)
  void invalidTextIsRejected(String text, String message) {
    assertThatThrownBy(() -> DistortionParser.parse(text))
        .isInstanceOfSatisfying(
            InvalidSettingException.class,
            e -> assertThat(e.setting()).isEqualTo(Setting.DISTORTIONS))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none                       | ''
          flip                       | SHIFT
          flip,shift                 | SHIFT
          flip,crop                  | BOX
          shift,crop                 | WARP
          flip,zoom                  | WARP
          rotation                   | WARP
          shear                      | WARP
          brightness                 | BRIGHTNESS
          contrast,flip              | SHIFT BRIGHTNESS
          brightness,saturation      | SATURATION
          erasing                    | ERASE
          mixup                      | MIX
          randaugment                | TONE WARP SATURATION
          """)
  void graphHasTheNecessaryStages(String text, String stages) {
    assertThat(
            DistortionParser.parse(text).stages().stream()
                .map(Enum::name)
                .collect(Collectors.joining(" ")))
        .isEqualTo(stages);
  }

  @Test
  void constantsHaveTheirTexts() {
    assertThat(ImageDistortions.DEFAULT).hasToString("flip,shift=0.125");
    assertThat(ImageDistortions.NONE).hasToString("none");
    assertThat(ImageDistortions.NONE.changesNothing()).isTrue();
    assertThat(ImageDistortions.DEFAULT.changesNothing()).isFalse();
  }

  @Test
  void unusedMagnitudeMakesNoDifference() {
    assertThat(new ImageDistortions(Map.of(), 20)).isEqualTo(ImageDistortions.NONE);
  }
}

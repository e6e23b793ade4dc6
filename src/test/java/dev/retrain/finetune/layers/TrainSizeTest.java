package dev.retrain.finetune.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.TestImages;
import dev.retrain.util.InvalidSettingException;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainSizeTest {
  private static Backbone backbone() {
    return new Backbone(
        "mean",
        Graphs.of(
            tf ->
                tf.withName("features")
                    .math
                    .mean(
                        Graphs.wide(tf, tf.nn.relu(Graphs.images(tf, "images", 224, 224))),
                        tf.constant(new int[] {1, 2}))),
        "00",
        "images:0",
        List.of("features:0"),
        new Preprocessing(224, 224, 127.5f, 127.5f));
  }

  private static byte[] image(int width, int height) {
    return TestImages.file(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png");
  }

  private static int chosen(List<byte[]> images) {
    return TrainSize.apply(backbone(), OptionalInt.empty(), images).preprocessing().height();
  }

  /** Four times the shorter side, in steps of 32, from 64 to the network's own size. */
  @ParameterizedTest
  @CsvSource({"32,32,128", "30,90,128", "100,33,160", "8,8,64", "56,56,224", "640,480,224"})
  void sizeFollowsTheImages(int width, int height, int expected) {
    assertThat(chosen(List.of(image(width, height)))).isEqualTo(expected);
  }

  @Test
  void medianCounts() {
    List<byte[]> images = new ArrayList<>(List.of(image(500, 500), new byte[10]));
    assertThat(chosen(images)).isEqualTo(224);
    images.add(image(32, 32));
    images.add(image(32, 32));
    assertThat(chosen(images)).isEqualTo(128);
  }

  @Test
  void withoutReadableImagesTheNetworkKeepsItsSize() {
    assertThat(chosen(List.of(new byte[3]))).isEqualTo(224);
    assertThat(chosen(List.of())).isEqualTo(224);
  }

  @Test
  void requestedSizeIsUsed() {
    Preprocessing size = TrainSize.apply(backbone(), OptionalInt.of(96), List.of()).preprocessing();
    assertThat(size.height()).isEqualTo(96);
    assertThat(size.width()).isEqualTo(96);
  }

  @ParameterizedTest
  @CsvSource({"31", "225", "-1"})
  void otherSizesAreRefused(int size) {
    assertThatThrownBy(() -> TrainSize.apply(backbone(), OptionalInt.of(size), List.of()))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("must be from 32 to 224");
  }
}

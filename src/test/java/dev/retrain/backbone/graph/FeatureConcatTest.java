package dev.retrain.backbone.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.util.RetrainException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;

class FeatureConcatTest {
  private static float[] vector(GraphDef graph, int height, int width, String... bottlenecks) {
    float[] image = new float[height * width * 3];
    for (int i = 0; i < image.length; i++) {
      image[i] = value(i);
    }
    try (BackboneSession session = session(graph, height, width, bottlenecks)) {
      return session.vectors(List.of(new float[image.length], image, image));
    }
  }

  private static BackboneSession session(
      GraphDef graph, int height, int width, String... bottlenecks) {
    return new BackboneSession(
        new Backbone(
            "tiny",
            graph,
            "00",
            "images:0",
            List.of(bottlenecks),
            new Preprocessing(height, width, 0, 1)));
  }

  private static float value(int i) {
    return (i * 7919) % 31;
  }

  /** The mean of one channel over rows and columns, the last not among them. */
  private static float mean(int width, int channel, int top, int bottom, int left, int right) {
    float sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += value((y * width + x) * 3 + channel);
      }
    }
    return sum / ((bottom - top) * (right - left));
  }

  private static void assertSecond(float[] vectors, float... expected) {
    assertThat(vectors).hasSize(3 * expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(vectors[i]).isZero();
      assertThat(vectors[expected.length + i]).isCloseTo(expected[i], within(1e-5f));
      assertThat(vectors[2 * expected.length + i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @Test
  void cellsAreInRowMajorOrder() {
    float[] expected = new float[12];
    for (int channel = 0; channel < 3; channel++) {
      expected[channel] = mean(6, channel, 0, 2, 0, 3);
      expected[3 + channel] = mean(6, channel, 0, 2, 3, 6);
      expected[6 + channel] = mean(6, channel, 2, 4, 0, 3);
      expected[9 + channel] = mean(6, channel, 2, 4, 3, 6);
    }
    assertSecond(vector(Graphs.meanColour(4, 6), 4, 6, "relu@2x2"), expected);
  }

  @Test
  void unevenCellsOverlap() {
    float[] expected = new float[9];
    for (int channel = 0; channel < 3; channel++) {
      expected[channel] = mean(7, channel, 0, 5, 0, 3);
      expected[3 + channel] = mean(7, channel, 0, 5, 2, 5);
      expected[6 + channel] = mean(7, channel, 0, 5, 4, 7);
    }
    assertSecond(vector(Graphs.meanColour(5, 7), 5, 7, "relu@1x3"), expected);
  }

  @Test
  void featuresKeepTheirOrder() {
    float[] vectors = vector(Graphs.meanColour(4, 6), 4, 6, "relu@2x1", "pool:0", "relu@1x1");
    float[] expected = new float[12];
    for (int channel = 0; channel < 3; channel++) {
      expected[channel] = mean(6, channel, 0, 2, 0, 6);
      expected[3 + channel] = mean(6, channel, 2, 4, 0, 6);
      expected[6 + channel] = mean(6, channel, 0, 4, 0, 6);
      expected[9 + channel] = expected[6 + channel];
    }
    assertSecond(vectors, expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu@5x1", "relu@1x7", "pool@2x2"})
  void moreCellsThanPositionsAreReported(String bottleneck) {
    assertThatThrownBy(() -> session(Graphs.meanColour(4, 6), 4, 6, bottleneck).close())
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(bottleneck.replace("@", ":0@"));
  }

  @Test
  void unknownPositionsAreReported() {
    GraphDef graph =
        Graphs.of(tf -> tf.withName("relu").nn.relu(Graphs.images(tf, "images", -1, -1)));
    assertThatThrownBy(() -> session(graph, 4, 6, "relu@2x2").close())
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("relu:0@2x2");
  }
}

package dev.retrain.backbone.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.proto.GraphDef;

class ScatteringGraphTest {
  /** Run the tests with {@code -Dretrain.write-scattering=true} to write the graph anew. */
  private static final boolean WRITE = Boolean.getBoolean("retrain.write-scattering");

  private static final Path SOURCE =
      Path.of("src/main/resources/dev/retrain/backbone/registry", ScatteringGraph.RESOURCE);

  @Test
  void resourceEqualsTheBuiltGraph() throws IOException {
    GraphDef built = ScatteringGraph.build();
    if (WRITE) {
      Files.write(SOURCE, bytes(built));
    }
    try (InputStream in = ScatteringGraph.class.getResourceAsStream(ScatteringGraph.RESOURCE)) {
      assertThat(GraphDef.parseFrom(WRITE ? Files.newInputStream(SOURCE) : in)).isEqualTo(built);
    }
    assertThat(Files.size(SOURCE)).isLessThan(300_000);
  }

  // Order one: 4 scales of 6 angles; order two: 6 angles of 6 angles for each of 6 pairs of scales.
  private static final int COEFFICIENTS = 1 + 4 * 6 + 6 * 6 * 6;

  private static Backbone backbone(FeatureSet features, Path modelDir) throws IOException {
    return BackboneLoader.load(
        BackboneRegistry.find(BackboneRegistry.SCATTERING).orElseThrow(), features, modelDir);
  }

  @Test
  void vectorHasAllCoefficientsOfThreeChannels(@TempDir Path empty) throws IOException {
    try (BackboneSession last = new BackboneSession(backbone(FeatureSet.LAST, empty));
        BackboneSession multi = new BackboneSession(backbone(FeatureSet.MULTI, empty))) {
      assertThat(last.vectorLength()).isEqualTo(3 * COEFFICIENTS);
      assertThat(multi.vectorLength()).isEqualTo((3 + 12) * COEFFICIENTS);
    }
  }

  @ParameterizedTest
  @EnumSource(FeatureSet.class)
  void shiftMattersLessThanTexture(FeatureSet features, @TempDir Path empty) throws IOException {
    try (BackboneSession session = new BackboneSession(backbone(features, empty))) {
      float[] waves = vector(session, ScatteringGraphTest::waves, 0);
      float[] blots = vector(session, ScatteringGraphTest::blots, 0);
      double betweenTextures = distance(waves, blots);
      assertThat(distance(waves, vector(session, ScatteringGraphTest::waves, 4)))
          .isBetween(1e-9, betweenTextures / 5);
      assertThat(distance(blots, vector(session, ScatteringGraphTest::blots, 4)))
          .isBetween(1e-9, betweenTextures / 5);
    }
  }

  /** Brightness at a point, -1 to 1; repeats every {@link ScatteringGraph#SIZE} pixels. */
  @FunctionalInterface
  private interface Texture {
    double at(int x, int y);
  }

  private static double waves(int x, int y) {
    return Math.sin(2 * Math.PI * (7 * x + 2 * y) / ScatteringGraph.SIZE);
  }

  private static double blots(int x, int y) {
    double angle = 2 * Math.PI / ScatteringGraph.SIZE;
    return Math.sin(16 * angle * x) * Math.sin(13 * angle * y);
  }

  private static float[] vector(BackboneSession session, Texture texture, int shift) {
    int size = ScatteringGraph.SIZE;
    float[] image = new float[size * size * 3];
    for (int i = 0; i < image.length; i++) {
      int x = (i / 3 % size + shift) % size;
      int y = (i / 3 / size + shift) % size;
      image[i] = (float) (0.6 * texture.at(x, y));
    }
    return session.vectors(List.of(image));
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static byte[] bytes(GraphDef graph) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    graph.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }
}

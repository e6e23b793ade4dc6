package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.image.Normalization;
import dev.retrain.testing.Graphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

/** Inputs and outputs that are not the usual float32, and are accepted. */
class SupportedGraphsTest {
  @TempDir private Path directory;

  private Backbone load(Consumer<Ops> nodes, String... input) throws IOException {
    Path file = directory.resolve("net.pb");
    Files.write(file, Graphs.of(nodes).toByteArray());
    return BackboneLoader.load(
        file,
        new GraphSignature(
            Optional.of(input).filter(given -> given.length > 0).map(given -> given[0]),
            List.of("pool"),
            Optional.of(new GraphSignature.Size(2, 2)),
            Optional.empty(),
            Optional.empty()));
  }

  /** An image whose means of red, green and blue are 10, 20 and 40. */
  private static float[] vector(Backbone backbone) {
    float[] image = {9, 20, 40, 11, 20, 40, 10, 19, 40, 10, 21, 40};
    try (BackboneSession session = new BackboneSession(backbone)) {
      return session.vectors(List.of(image));
    }
  }

  private static void pool(Ops tf, Operand<TFloat32> images) {
    tf.withName("pool").math.mean(images, tf.constant(new int[] {1, 2}));
  }

  @Test
  void bytesAreFedAfterTheirConversion() throws IOException {
    Backbone backbone =
        load(
            tf -> {
              var bytes =
                  tf.withName("bytes")
                      .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, 2, 2, 3)));
              pool(tf, tf.withName("floats").dtypes.cast(bytes, TFloat32.class));
            });
    assertThat(backbone.input()).isEqualTo("floats:0");
    assertThat(backbone.preprocessing().normalization()).isEqualTo(Normalization.of(0, 1));
    assertThat(vector(backbone)).containsExactly(10, 20, 40);
  }

  @Test
  void transposedImagesAreFedAfterTheTranspose() throws IOException {
    Backbone backbone =
        load(
            tf -> {
              var input =
                  tf.withName("nchw")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 3, 2, 2)));
              pool(
                  tf,
                  tf.withName("nhwc").linalg.transpose(input, tf.constant(new int[] {0, 2, 3, 1})));
            },
            "nhwc");
    assertThat(vector(backbone)).containsExactly(10, 20, 40);
  }

  @Test
  void placeholdersThatTheVectorDoesNotNeedAreIgnored() throws IOException {
    Backbone backbone =
        load(
            tf -> {
              pool(tf, Graphs.images(tf, "images", 2, 2));
              Graphs.images(tf, "unused", 2, 2);
              tf.withName("keras_learning_phase")
                  .placeholderWithDefault(tf.constant(false), Shape.of());
              tf.withName("is_training").placeholder(TBool.class);
            });
    assertThat(backbone.input()).isEqualTo("images:0");
    assertThat(vector(backbone)).containsExactly(10, 20, 40);
  }

  @ParameterizedTest
  @ValueSource(classes = {TFloat16.class, TBfloat16.class, TFloat64.class})
  <T extends TFloating> void vectorIsConvertedToFloat32(Class<T> type) throws IOException {
    Backbone backbone =
        load(
            tf ->
                tf.withName("pool")
                    .math
                    .mean(
                        tf.dtypes.cast(Graphs.images(tf, "images", 2, 2), type),
                        tf.constant(new int[] {1, 2})));
    assertThat(vector(backbone)).containsExactly(new float[] {10, 20, 40}, within(0.25f));
  }

  /** The length is determined by running the graph, and checked for every batch. */
  @Test
  void lengthNeedNotBeKnownInAdvance() throws IOException {
    Backbone backbone =
        load(
            tf -> {
              var images = Graphs.images(tf, "images", -1, -1);
              tf.withName("pool")
                  .reshape(
                      images,
                      tf.concat(
                          List.of(tf.shape.head(tf.shape(images)), tf.constant(new int[] {-1})),
                          tf.constant(0)));
            });
    assertThat(vector(backbone)).hasSize(12);
  }
}

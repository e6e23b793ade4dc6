package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.testing.Graphs;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeJpeg;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/** Graphs that don't accept color images or don't compute vectors: each ends in one clear error. */
class UnusableGraphsTest {
  @TempDir private Path directory;

  private static Arguments graph(String name, Consumer<Ops> nodes, Object... settingsAndContained) {
    List<Object> rest = List.of(settingsAndContained);
    return arguments(
        name,
        nodes,
        rest.stream().filter(Setting.class::isInstance).toList(),
        rest.stream().filter(String.class::isInstance).toList());
  }

  private static <T extends TType> Placeholder<T> placeholder(
      Ops tf, Class<T> type, long... shape) {
    return tf.withName("input").placeholder(type, Placeholder.shape(Shape.of(shape)));
  }

  private static void pool(Ops tf, Operand<TFloat32> images) {
    tf.withName("pool").math.mean(Graphs.wide(tf, images), tf.constant(new int[] {1, 2}));
  }

  private static Stream<Arguments> inputs() {
    return Stream.of(
        graph(
            "channels first, transposed",
            tf ->
                pool(
                    tf,
                    tf.withName("nhwc")
                        .linalg
                        .transpose(
                            placeholder(tf, TFloat32.class, -1, 3, 64, 96),
                            tf.constant(new int[] {0, 2, 3, 1}))),
            Setting.INPUT,
            Setting.SIZE,
            "input:0",
            "[?, 3, 64, 96]",
            "channels first",
            "nhwc:0",
            "64,96"),
        graph(
            "channels first, not transposed",
            tf ->
                pool(
                    tf,
                    tf.nn.conv2d(
                        placeholder(tf, TFloat32.class, -1, 3, 64, 64),
                        tf.constant(new float[1][1][3][3]),
                        List.of(1L, 1L, 1L, 1L),
                        "SAME",
                        Conv2d.dataFormat("NCHW"))),
            "[?, 3, 64, 64]",
            "channels first",
            "NHWC"),
        graph(
            "channels first, of any size",
            tf -> pool(tf, placeholder(tf, TFloat32.class, -1, 3, -1, -1)),
            "[?, 3, ?, ?]",
            "channels first"),
        graph(
            "one channel",
            tf -> pool(tf, placeholder(tf, TFloat32.class, -1, 28, 28, 1)),
            "[?, 28, 28, 1]",
            "1 channel,",
            "color"),
        graph(
            "one channel, first",
            tf -> pool(tf, placeholder(tf, TFloat32.class, -1, 1, 28, 28)),
            "[?, 1, 28, 28]",
            "1 channel,"),
        graph(
            "four channels",
            tf -> pool(tf, placeholder(tf, TFloat32.class, -1, 28, 28, 4)),
            "4 channels,"),
        graph(
            "flat images",
            tf -> pool(tf, tf.reshape(placeholder(tf, TFloat32.class, -1, 48), shape(tf))),
            Setting.INPUT,
            "[?, 48]",
            "[n, height, width, 3]"),
        graph(
            "encoded images",
            tf ->
                pool(
                    tf,
                    tf.withName("resized")
                        .image
                        .resizeBilinear(
                            tf.expandDims(
                                tf.dtypes.cast(
                                    tf.image.decodeJpeg(
                                        placeholder(tf, TString.class), DecodeJpeg.channels(3L)),
                                    TFloat32.class),
                                tf.constant(0)),
                            tf.constant(new int[] {8, 8}))),
            Setting.INPUT,
            "input:0",
            "encoded",
            "resized:0"),
        graph(
            "integers",
            tf ->
                pool(
                    tf, tf.dtypes.cast(placeholder(tf, TInt32.class, -1, 8, 8, 3), TFloat32.class)),
            Setting.INPUT,
            "int32",
            "float32"),
        graph(
            "learning phase",
            tf -> {
              var training = tf.withName("keras_learning_phase").placeholder(TBool.class);
              var factor = tf.select(training, tf.constant(2f), tf.constant(1f));
              pool(tf, tf.math.mul(Graphs.images(tf, "input", 8, 8), factor));
            },
            "'keras_learning_phase' (bool)",
            "inference",
            "set_learning_phase(0)"),
        graph(
            "training switch",
            tf -> {
              var training = tf.withName("is_training").placeholder(TBool.class);
              var factor = tf.select(training, tf.constant(2f), tf.constant(1f));
              pool(tf, tf.math.mul(Graphs.images(tf, "input", 8, 8), factor));
            },
            "'is_training' (bool)",
            "inference"),
        graph(
            "dropout rate",
            tf -> {
              var rate =
                  tf.withName("keep_prob")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.of(1)));
              pool(tf, tf.math.mul(Graphs.images(tf, "input", 8, 8), rate));
            },
            Setting.INPUT,
            "'keep_prob' (float32)"),
        graph(
            "variable of TensorFlow 1",
            tf ->
                pool(
                    tf,
                    tf.math.mul(
                        Graphs.images(tf, "input", 8, 8),
                        tf.withName("gain").variable(Shape.of(3), TFloat32.class))),
            "not frozen",
            "'gain' (op 'VariableV2')",
            "convert_variables_to_constants_v2",
            "freeze_graph"),
        graph(
            "variable of TensorFlow 2",
            tf ->
                pool(
                    tf,
                    tf.math.mul(
                        Graphs.images(tf, "input", 8, 8),
                        tf.readVariableOp(
                            tf.withName("gain").varHandleOp(TFloat32.class, Shape.of(3)),
                            TFloat32.class))),
            "not frozen",
            "'gain' (op 'VarHandleOp')",
            "convert_variables_to_constants_v2"));
  }

  private static Operand<TInt32> shape(Ops tf) {
    return tf.constant(new int[] {-1, 4, 4, 3});
  }

  private static Operand<TFloat32> images(Ops tf) {
    return Graphs.images(tf, "input", 4, 4);
  }

  private static Stream<Arguments> outputs() {
    Setting remedy = Setting.BOTTLENECK_TENSOR;
    return Stream.of(
        graph(
            "class numbers",
            tf -> tf.withName("pool").math.argMax(images(tf), tf.constant(3)),
            remedy,
            "pool:0",
            "int64"),
        graph(
            "booleans",
            tf -> tf.withName("pool").math.greater(images(tf), tf.constant(0f)),
            remedy,
            "pool:0",
            "bool"),
        graph(
            "strings",
            tf -> tf.withName("pool").strings.join(List.of(tf.dtypes.asString(images(tf)))),
            // The guard refuses ops on strings first.
            Setting.TRUST_GRAPH,
            "op '"),
        graph(
            "a number",
            tf -> tf.withName("pool").math.mean(images(tf), tf.constant(new int[] {0, 1, 2, 3})),
            remedy,
            "pool:0",
            "has 0"),
        graph(
            "a number per image",
            tf -> tf.withName("pool").math.mean(images(tf), tf.constant(new int[] {1, 2, 3})),
            remedy,
            "pool:0",
            "has 1"),
        graph(
            "five dimensions",
            tf -> tf.withName("pool").expandDims(images(tf), tf.constant(1)),
            remedy,
            "pool:0",
            "has 5"),
        graph(
            "unknown rank",
            tf -> tf.withName("pool").squeeze(Graphs.images(tf, "input", -1, -1)),
            remedy,
            "pool:0",
            "for one image"),
        graph(
            "no values",
            tf ->
                tf.withName("pool")
                    .reshape(
                        tf.slice(
                            images(tf),
                            tf.constant(new int[] {0, 0, 0, 0}),
                            tf.constant(new int[] {-1, 1, 1, 0})),
                        tf.constant(new int[] {1, 0})),
            remedy,
            "[1, 0]"),
        graph(
            "one row for all images",
            tf -> tf.withName("pool").reshape(images(tf), tf.constant(new int[] {1, -1})),
            remedy,
            "[1, 96]",
            "2 images",
            "[2, 48]"),
        graph(
            "rows that are no images",
            tf -> tf.withName("pool").reshape(images(tf), tf.constant(new int[] {-1, 3})),
            remedy,
            "[16, 3]",
            "one image"),
        graph(
            "another output than the op has",
            tf -> tf.withName("pool").nn.relu(images(tf)),
            remedy,
            "pool:1",
            "1 output,"));
  }

  private void assertRefused(
      Consumer<Ops> nodes, Optional<String> tensor, List<Setting> settings, List<String> contained)
      throws IOException {
    Path file = directory.resolve("net.pb");
    Files.write(file, Graphs.of(nodes).toByteArray());
    GraphSignature signature =
        new GraphSignature(
            Optional.empty(),
            tensor.stream().toList(),
            tensor.map(given -> new GraphSignature.Size(4, 4)),
            Optional.empty(),
            Optional.empty());
    RetrainException refusal =
        catchThrowableOfType(
            RetrainException.class,
            () -> {
              Backbone backbone = BackboneLoader.load(file, signature);
              float[] image = new float[backbone.preprocessing().imageLength()];
              try (BackboneSession session = new BackboneSession(backbone)) {
                session.vectors(List.of(image, image));
              }
            });
    assertThat(refusal).isNotNull().hasMessageContaining("net.pb");
    assertThat(refusal.settings()).isEqualTo(settings);
    assertThat(refusal)
        .hasMessageContainingAll(contained.toArray(CharSequence[]::new))
        .message()
        .endsWith(".")
        .doesNotContain("\n", "\u001b", "Exception");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inputs")
  void graphThatDoesNotTakeImages(
      String name, Consumer<Ops> nodes, List<Setting> settings, List<String> contained)
      throws IOException {
    assertRefused(nodes, Optional.empty(), settings, contained);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outputs")
  void graphThatDoesNotComputeVectors(
      String name, Consumer<Ops> nodes, List<Setting> settings, List<String> contained)
      throws IOException {
    String tensor = name.startsWith("another output") ? "pool:1" : "pool:0";
    assertRefused(nodes, Optional.of(tensor), settings, contained);
  }
}

package dev.retrain.backbone.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.signature.GraphSignature.Size;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class SignatureInferenceTest {
  private static final GraphSignature NO_SIGNATURE = request(Optional.empty(), List.of());

  @TempDir private Path directory;

  private static GraphSignature request(Optional<String> input, List<String> bottlenecks) {
    return new GraphSignature(
        input, bottlenecks, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static GraphDef wide(long height, long width) {
    return Graphs.of(
        tf ->
            Graphs.pool(
                tf,
                "pool",
                tf.withName("relu")
                    .nn
                    .relu(Graphs.wide(tf, Graphs.images(tf, "images", height, width))),
                height,
                width));
  }

  private Path save(GraphDef graph) throws IOException {
    return Files.write(directory.resolve("graph.pb"), graph.toByteArray());
  }

  private Backbone load(GraphDef graph, GraphSignature request) throws IOException {
    return BackboneLoader.load(save(graph), request);
  }

  @Test
  void everythingIsInferredFromAPlainGraph() throws IOException {
    GraphDef graph = wide(20, 30);
    Path file = save(graph);
    Backbone backbone = BackboneLoader.load(file, NO_SIGNATURE);
    assertThat(backbone.graph()).isEqualTo(graph);
    assertThat(backbone.identity())
        .isEqualTo(
            new Backbone(
                    file.toString(),
                    graph,
                    Sha256.sha256(Files.readAllBytes(file)),
                    "images:0",
                    List.of("pool:0"),
                    new Preprocessing(20, 30, 127.5f, 127.5f))
                .identity());
    assertThat(backbone.inferred())
        .containsExactly(
            "Features: pool:0 (the pooled output).",
            "Range of color values -1,1: the default, because nothing in the graph says another.");
  }

  @Test
  void signatureOverridesTheGraph() throws IOException {
    GraphSignature request =
        new GraphSignature(
            Optional.of("relu"),
            List.of("relu:0", "pool"),
            Optional.of(new Size(5, 7)),
            Optional.of(1f),
            Optional.of(2f));
    Backbone backbone = load(Graphs.meanColour(20, 30), request);
    assertThat(backbone.input()).isEqualTo("relu:0");
    assertThat(backbone.bottlenecks()).containsExactly("relu:0", "pool:0");
    assertThat(backbone.preprocessing()).isEqualTo(new Preprocessing(5, 7, 1, 2));
  }

  @Test
  void lastPoolingIsTheFeatureTensor() throws IOException {
    GraphDef graph =
        Graphs.of(
            tf -> {
              Placeholder<TFloat32> images = Graphs.images(tf, "images", 8, 8);
              var first = Graphs.pool(tf, "first", Graphs.wide(tf, images), 2, 2);
              var last = Graphs.pool(tf, "last", first, 3, 3);
              tf.withName("head").nn.relu(last);
            });
    assertThat(load(graph, NO_SIGNATURE).bottlenecks()).containsExactly("last:0");
  }

  @Test
  void placeholdersOfOtherShapesAreIgnored() throws IOException {
    GraphDef graph =
        Graphs.of(
            tf -> {
              tf.withName("rate").placeholder(TFloat32.class, Placeholder.shape(Shape.of(7)));
              tf.withName("step").placeholder(TInt32.class);
              Graphs.pool(tf, "pool", Graphs.wide(tf, Graphs.images(tf, "images", 8, 8)), 8, 8);
            });
    assertThat(load(graph, NO_SIGNATURE).input()).isEqualTo("images:0");
  }

  @Test
  void severalPlaceholdersAreListed() {
    GraphDef graph =
        Graphs.of(
            tf ->
                Graphs.pool(
                    tf,
                    "pool",
                    tf.math.add(Graphs.images(tf, "left", 8, 8), Graphs.images(tf, "right", 8, 8)),
                    8,
                    8));
    assertFails(graph, NO_SIGNATURE, Setting.INPUT, "2 placeholders", "left:0, right:0");
  }

  @Test
  void firstImageNodesAreListedWithoutPlaceholder() {
    GraphDef graph =
        Graphs.of(
            tf -> {
              var pixels = tf.constant(new float[1][8][8][3]);
              var scaled = tf.withName("scaled").math.mul(pixels, tf.constant(2f));
              Graphs.pool(tf, "pool", scaled, 8, 8);
            });
    assertFails(graph, NO_SIGNATURE, Setting.INPUT, "scaled:0");
  }

  @Test
  void shortVectorIsRefusedWithLongerCandidates() throws IOException {
    GraphDef graph =
        Graphs.of(
            tf -> {
              var images = Graphs.images(tf, "images", 8, 8);
              var first = tf.withName("first").nn.relu(Graphs.wide(tf, images));
              tf.withName("second")
                  .nn
                  .relu6(
                      tf.math.mul(
                          tf.math.mean(first, tf.constant(new int[] {3}), Mean.keepDims(true)),
                          images));
            });
    assertFails(graph, NO_SIGNATURE, Setting.BOTTLENECK_TENSOR, "3 values", "second:0", "first:0");
    assertThat(load(graph, request(Optional.empty(), List.of("second"))).bottlenecks())
        .containsExactly("second:0");
  }

  @Test
  void unpooledOutputIsAveraged() throws IOException {
    GraphDef graph =
        Graphs.of(
            tf -> tf.withName("maps").nn.relu(Graphs.wide(tf, Graphs.images(tf, "images", 8, 8))));
    assertThat(load(graph, NO_SIGNATURE).bottlenecks()).containsExactly("maps:0");
  }

  @Test
  void unknownInputListsCandidates() {
    assertFails(
        Graphs.meanColour(8, 8),
        request(Optional.of("pixels:0"), List.of()),
        Setting.INPUT,
        "'pixels'",
        "images:0");
  }

  @Test
  void unknownFeatureTensorListsCandidates() {
    assertFails(
        Graphs.meanColour(8, 8),
        request(Optional.empty(), List.of("pool", "pool_3:0")),
        Setting.BOTTLENECK_TENSOR,
        "'pool_3'",
        "pool:0, relu:0");
  }

  @Test
  void variableSizeMustBeSpecified() throws IOException {
    GraphDef graph =
        Graphs.of(
            tf ->
                Graphs.pool(
                    tf, "pool", Graphs.wide(tf, Graphs.images(tf, "images", -1, -1)), 8, 8));
    assertFails(graph, NO_SIGNATURE, Setting.SIZE, "images:0");
    GraphSignature sized =
        new GraphSignature(
            Optional.empty(),
            List.of(),
            Optional.of(new Size(8, 9)),
            Optional.empty(),
            Optional.empty());
    assertThat(load(graph, sized).preprocessing())
        .isEqualTo(new Preprocessing(8, 9, 127.5f, 127.5f));
  }

  @Test
  void otherFileIsRejected() throws IOException {
    Path text = Files.writeString(directory.resolve("notes.txt"), "this is no graph");
    Path empty = Files.write(directory.resolve("empty.pb"), new byte[0]);
    byte[] noise = new byte[4096];
    new Random(1).nextBytes(noise);
    Path garbage = Files.write(directory.resolve("garbage.pb"), noise);
    byte[] graph = Graphs.meanColour(8, 8).toByteArray();
    Path cut = Files.write(directory.resolve("cut.pb"), Arrays.copyOf(graph, graph.length * 2 / 3));
    assertThat(List.of(text, empty, garbage, cut))
        .allSatisfy(
            file ->
                assertThatThrownBy(() -> BackboneLoader.load(file, NO_SIGNATURE))
                    .isInstanceOf(RetrainException.class)
                    .hasMessageContaining(file.toString()));
  }

  @Test
  void otherFeatureTensorsKeepTheRest() throws IOException {
    Backbone backbone = load(wide(8, 9), NO_SIGNATURE);
    Backbone other = BackboneLoader.withBottlenecks(backbone, List.of("relu"));
    assertThat(other.identity())
        .isEqualTo(
            new Backbone(
                    backbone.name(),
                    backbone.graph(),
                    backbone.graphSha256(),
                    backbone.input(),
                    List.of("relu:0"),
                    backbone.preprocessing())
                .identity());
    assertThat(other.identity()).isNotEqualTo(backbone.identity());
  }

  private void assertFails(
      GraphDef graph, GraphSignature request, Setting setting, String... values) {
    assertThatThrownBy(() -> load(graph, request))
        .isInstanceOfSatisfying(
            RetrainException.class,
            failure -> assertThat(failure.settings()).containsExactly(setting))
        .message()
        .contains(values)
        .contains("graph.pb");
  }
}

package dev.retrain.finetune.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.finetune.TestNetworks;
import dev.retrain.finetune.TestNetworks.Weights;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.finetune.network.GradientCases.Layers;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.PythonSavedModels;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.util.RetrainException;
import dev.retrain.util.SessionConfigs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * The gradients of training graphs equal those that Python's TensorFlow computes, whose gradients
 * are implemented independently.
 */
class GradientsTest {
  private static final List<String> SAVED_MODELS =
      List.of("keras3_export", "keras3_vit", "keras3_mobilenet_v3", "keras2_save");
  private static final List<String> NETWORKS =
      Stream.concat(Stream.of("mobilenet", "inception", "residual"), SAVED_MODELS.stream())
          .toList();

  @TempDir private static Path directory;

  private static final Map<String, RuntimeException> FAILURES = new HashMap<>();
  private static final Map<String, float[]> GRADIENTS = new HashMap<>();
  private static final Map<String, TrainableNetwork> TRAINED = new HashMap<>();

  @BeforeAll
  static void compute() throws IOException {
    PythonClient python = PythonClient.require();
    PythonSavedModels models = PythonSavedModels.write(String.join(" ", SAVED_MODELS));
    for (String name : SAVED_MODELS) {
      if (!models.model(name).has("missing")) {
        write(name, savedModel(models.path(name)));
      }
    }
    write(
        "mobilenet",
        NetworkResize.resize(TestNetworks.mobileNet(directory.resolve("models")), 64, 64));
    write("inception", NetworkResize.resize(TestNetworks.inception(), 96, 96));
    write("residual", TestNetworks.backbone(TestNetworks::residual, "vector:0"));
    for (String name : GradientCases.names()) {
      try {
        write(name, GradientCases.backbone(name));
      } catch (RuntimeException e) {
        FAILURES.put(name, e);
      }
    }
    python.run("gradients.py", directory);
  }

  private static Backbone savedModel(Path path) throws IOException {
    return BackboneLoader.loadSavedModel(
        path,
        Optional.empty(),
        new GraphSignature(
            Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty()),
        false,
        ImageSample.NONE);
  }

  private static void write(String name, Backbone backbone) throws IOException {
    int size = backbone.preprocessing().height();
    FineTuneNetwork tuned = FineTuneNetwork.prepare(backbone, new FineTuneLayers.All());
    TrainableNetwork network = tuned.network();
    float[] images = TestNetworks.images(3, size, 5);
    GraphDef graph;
    try (MomentsProbe probe =
            new MomentsProbe(
                network.frozen(), network.normalizations(), SessionConfigs.SINGLE_THREADED);
        TFloat32 tensor = TFloat32.tensorOf(Shape.of(3, size, size, 3), DataBuffers.of(images))) {
      graph =
          TestNetworks.withConstants(
              network,
              network.initialValues(probe.measure(runner -> runner.feed(tuned.input(), tensor))));
    }
    List<String> parameters = network.parameters().stream().map(NetworkParameter::name).toList();
    GRADIENTS.put(name, gradients(graph, tuned, parameters, images, size));
    TRAINED.put(name, network);
    Files.write(directory.resolve(name + ".pb"), graph.toByteArray());
    ByteBuffer bytes = ByteBuffer.allocate(4 * images.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(images);
    Files.write(directory.resolve(name + ".images"), bytes.array());
    new ObjectMapper()
        .writeValue(
            directory.resolve(name + ".json").toFile(),
            Map.of(
                "input",
                tuned.input(),
                "size",
                size,
                "vector",
                tuned.vector(),
                "parameters",
                parameters));
  }

  private static float[] gradients(
      GraphDef definition,
      FineTuneNetwork tuned,
      List<String> parameters,
      float[] images,
      int size) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      Ops tf = Ops.create(graph);
      var vector =
          tf.reshape(
              graph.operation(tuned.vector()).<TFloat32>output(0), tf.constant(new int[] {-1}));
      var weights =
          tf.math.cos(
              tf.dtypes.cast(
                  tf.range(tf.constant(0), tf.size(vector), tf.constant(1)), TFloat32.class));
      var sum = tf.reduceSum(tf.math.mul(vector, weights), tf.constant(new int[] {0}));
      Output<?>[] gradients =
          graph.addGradients(
              sum.asOutput(),
              parameters.stream()
                  .map(name -> graph.operation(name).output(0))
                  .toArray(Output<?>[]::new));
      try (Session session = new Session(graph);
          TFloat32 tensor = TFloat32.tensorOf(Shape.of(3, size, size, 3), DataBuffers.of(images))) {
        Session.Runner runner = session.runner().feed(tuned.input(), tensor);
        for (Output<?> gradient : gradients) {
          runner.fetch(gradient);
        }
        List<float[]> parts = new ArrayList<>();
        try (Result result = runner.run()) {
          for (int i = 0; i < result.size(); i++) {
            parts.add(FetchedTensors.floats(result.get(i)));
          }
        }
        FloatBuffer all = FloatBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
      }
    }
  }

  static List<String> cases() {
    return Stream.concat(NETWORKS.stream(), GradientCases.names().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalThoseOfPython(String name) throws IOException {
    if (FAILURES.containsKey(name)) {
      throw FAILURES.get(name);
    }
    org.junit.jupiter.api.Assumptions.assumeTrue(
        TRAINED.containsKey(name), "Python lacks a package for " + name);
    FloatBuffer python =
        ByteBuffer.wrap(Files.readAllBytes(directory.resolve(name + ".gradients")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] actual = GRADIENTS.get(name);
    float[] expected = new float[python.remaining()];
    python.get(expected);
    assertThat(actual).hasSameSizeAs(expected);
    double whole = norm(expected, 0, expected.length);
    assertThat(whole).isPositive();
    int start = 0;
    for (NetworkParameter parameter : TRAINED.get(name).parameters()) {
      int end = start + (int) parameter.size();
      float[] difference = new float[end - start];
      for (int i = start; i < end; i++) {
        difference[i - start] = actual[i] - expected[i];
      }
      // Gradients that cancel out are rounding errors of the others.
      double norm = Math.max(norm(expected, start, end), 1e-3 * whole);
      assertThat(norm(difference, 0, difference.length) / norm)
          .as(parameter.name())
          .isLessThan(NETWORKS.contains(name) ? 2e-3 : 1e-4);
      start = end;
    }
  }

  private static double norm(float[] values, int start, int end) {
    double sum = 0;
    for (int i = start; i < end; i++) {
      sum += (double) values[i] * values[i];
    }
    return Math.sqrt(sum);
  }

  private static Backbone after(Layers layers) {
    return TestNetworks.backbone(
        tf -> {
          Weights weights = new Weights(tf, new Random(1));
          var x = weights.conv(Graphs.images(tf, "images", 32, 32), 3, 9, 4, "SAME");
          x = weights.conv(layers.add(tf, weights, x), 1, 9, 1, "SAME");
          tf.withName("vector").nn.relu(x);
        },
        "vector:0");
  }

  /** The layers after an op without gradient can be trained. */
  @Test
  void opsWithoutGradientAreRefusedByName() {
    Backbone backbone = after((tf, weights, x) -> tf.withName("steps").math.ceil(x));
    assertThatThrownBy(() -> FineTuneNetwork.prepare(backbone, new FineTuneLayers.All()))
        .isInstanceOf(RetrainException.class)
        .hasMessage(
            "The network can't be fine-tuned through the op Ceil (node 'steps'): TensorFlow's"
                + " C++ library has no correct gradient for it. Set the fine-tuned layers to the layers after it, or choose"
                + " another network with the backbone.");
    assertThat(
            FineTuneNetwork.prepare(backbone, new FineTuneLayers.LastBlocks(1))
                .network()
                .parameters())
        .hasSize(1);
  }

  /** The native gradients of these are wrong. */
  @Test
  void opsWithAWrongGradientAreRefused() {
    Map.<String, Layers>of(
            "Conv2D with dilations",
            (tf, weights, x) ->
                tf.nn.conv2d(
                    x,
                    weights.of(1, 3, 3, 9, 9),
                    List.of(1L, 1L, 1L, 1L),
                    "SAME",
                    Conv2d.dilations(1L, 2L, 2L, 1L)),
            "LogSoftmax",
            (tf, weights, x) -> tf.nn.logSoftmax(x))
        .forEach(
            (op, layers) ->
                assertThatThrownBy(
                        () -> FineTuneNetwork.prepare(after(layers), new FineTuneLayers.All()))
                    .isInstanceOf(RetrainException.class)
                    .hasMessageStartingWith(
                        "The network can't be fine-tuned through the op " + op + " (node '"));
  }

  @Test
  void parametersThatNoGradientReachesAreRefused() {
    Backbone backbone = after((tf, weights, x) -> tf.math.floor(x));
    assertThatThrownBy(() -> FineTuneNetwork.prepare(backbone, new FineTuneLayers.All()))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("no gradient reaches 'Const");
  }

  @Test
  void networkWithoutKernelsIsRefused() {
    Backbone backbone =
        TestNetworks.backbone(
            tf ->
                tf.withName("vector").nn.relu(Graphs.wide(tf, Graphs.images(tf, "images", 32, 32))),
            "vector:0");
    assertThatThrownBy(() -> FineTuneNetwork.prepare(backbone, FineTuneLayers.DEFAULT))
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith("There is nothing to fine-tune");
  }
}

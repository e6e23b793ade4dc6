package dev.retrain.finetune.network;

import static dev.retrain.finetune.TestNetworks.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.finetune.TestNetworks;
import dev.retrain.finetune.TestNetworks.Weights;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.testing.Graphs;
import dev.retrain.util.RetrainException;
import dev.retrain.util.SessionConfigs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;

class TrainableNetworkTest {
  private static List<Moments> moments(FineTuneNetwork network, float[] images, int size) {
    try (MomentsProbe probe =
            new MomentsProbe(
                network.network().frozen(),
                network.network().normalizations(),
                SessionConfigs.SINGLE_THREADED);
        TFloat32 tensor =
            TFloat32.tensorOf(
                Shape.of(images.length / size / size / 3, size, size, 3), DataBuffers.of(images))) {
      return probe.measure(runner -> runner.feed(network.input(), tensor));
    }
  }

  /** With the initial values, and folded again, the network computes what it computed before. */
  private static FineTuneNetwork assertSameFunction(Backbone backbone, int normalizations) {
    int size = backbone.preprocessing().height();
    FineTuneNetwork tuned = FineTuneNetwork.prepare(backbone, new FineTuneLayers.All());
    TrainableNetwork network = tuned.network();
    assertThat(network.normalizations()).hasSize(normalizations);
    float[] images = TestNetworks.images(2, size, 1);
    List<Moments> moments = moments(tuned, images, size);
    Map<String, float[]> values = network.initialValues(moments);
    assertThat(values.keySet())
        .isEqualTo(
            network.parameters().stream().map(NetworkParameter::name).collect(Collectors.toSet()));
    float[] expected =
        TestNetworks.run(network.frozen(), tuned.input(), images, size, tuned.vector());
    GraphDef training = TestNetworks.withConstants(network, values);
    assertThat(
            distance(
                TestNetworks.run(training, tuned.input(), images, size, tuned.vector()), expected))
        .isLessThan(1e-5);
    GraphDef folded = network.withValues(values, moments);
    assertThat(folded.getNodeList().stream().map(NodeDef::getName).toList())
        .isEqualTo(network.frozen().getNodeList().stream().map(NodeDef::getName).toList());
    assertThat(
            distance(
                TestNetworks.run(folded, tuned.input(), images, size, tuned.vector()), expected))
        .isLessThan(1e-5);
    return tuned;
  }

  @Test
  void mobileNet(@TempDir Path directory) throws IOException {
    FineTuneNetwork network =
        assertSameFunction(NetworkResize.resize(TestNetworks.mobileNet(directory), 96, 96), 27);
    // A kernel, gamma and beta for each convolution.
    assertThat(network.network().parameters()).hasSize(81);
    assertThat(network.network().parameters().stream().filter(NetworkParameter::decayed))
        .hasSize(14);
    // Without branches, the layers are counted.
    assertThat(network.network().parameters())
        .extracting(NetworkParameter::distance)
        .containsExactlyElementsOf(IntStream.range(0, 3 * 27).mapToObj(i -> 27 - i / 3).toList());
  }

  /** A branch of one layer beside one of three: their ends are equally far from the head. */
  @Test
  void parallelBranchesShareDistances() {
    Backbone backbone =
        TestNetworks.backbone(
            tf -> {
              Weights weights = new Weights(tf, new Random(2));
              Operand<TFloat32> x = Graphs.images(tf, "images", 32, 32);
              x = tf.nn.biasAdd(weights.conv(x, 1, 4, 1, "SAME"), weights.of(1, 4));
              Operand<TFloat32> branch = x;
              for (int channels : new int[] {6, 7, 8}) {
                branch =
                    tf.nn.biasAdd(
                        weights.conv(branch, 1, channels, 1, "SAME"), weights.of(1, channels));
              }
              x = tf.nn.biasAdd(weights.conv(x, 1, 5, 1, "SAME"), weights.of(1, 5));
              x = tf.concat(List.of(x, branch), tf.constant(3));
              x = weights.conv(x, 1, 9, 1, "SAME");
              tf.withName("vector").nn.biasAdd(x, weights.of(1, 9));
            },
            "vector:0");
    TrainableNetwork network =
        FineTuneNetwork.prepare(backbone, new FineTuneLayers.All()).network();
    Map<Long, Integer> distances = new HashMap<>();
    network.parameters().forEach(one -> distances.put(one.size(), one.distance()));
    // The kernels, and what normalizes their outputs, by their sizes.
    assertThat(distances)
        .isEqualTo(
            Map.ofEntries(
                Map.entry(3L * 4, 5),
                Map.entry(4L, 5),
                Map.entry(4L * 6, 4),
                Map.entry(6L, 4),
                Map.entry(6L * 7, 3),
                Map.entry(7L, 3),
                Map.entry(7L * 8, 2),
                Map.entry(8L, 2),
                Map.entry(4L * 5, 2),
                Map.entry(5L, 2),
                Map.entry(13L * 9, 1),
                Map.entry(9L, 1)));
  }

  @Test
  void inception() {
    FineTuneNetwork network =
        assertSameFunction(NetworkResize.resize(TestNetworks.inception(), 128, 128), 94);
    assertThat(network.network().parameters()).hasSize(3 * 94);
  }

  @Test
  void residualNetwork() {
    FineTuneNetwork network =
        assertSameFunction(TestNetworks.backbone(TestNetworks::residual, "vector:0"), 8);
    assertThat(network.network().normalizations())
        .filteredOn(one -> one.folding() instanceof Normalization.Folding.Inference)
        .hasSize(1);
  }

  /** A scale and a shift after a sum are one normalization; a network without optimizations. */
  @Test
  void scaleAndShift() {
    Backbone backbone =
        TestNetworks.backbone(
            tf -> {
              Weights weights = new Weights(tf, new Random(2));
              Operand<TFloat32> x = Graphs.images(tf, "images", 32, 32);
              x = weights.conv(x, 3, 8, 2, "SAME");
              x = tf.math.add(x, weights.of(1, 1, 1, 1, 8));
              x = tf.nn.relu(tf.math.add(x, weights.conv(x, 1, 8, 1, "SAME")));
              x = tf.nn.relu(tf.math.add(tf.math.mul(x, weights.of(1, 8)), weights.of(1, 8)));
              tf.withName("vector").nn.relu(weights.conv(x, 3, 9, 1, "VALID"));
            },
            "vector:0");
    FineTuneNetwork network = assertSameFunction(backbone, 2);
    assertThat(network.network().normalizations())
        .extracting(one -> one.folding().getClass().getSimpleName())
        .containsExactly("Kernel", "Scale");
  }

  /**
   * Trained values are folded exactly: the frozen network computes, in double precision, {@code
   * gamma * (x - mean) / sqrt(variance + 0.001) + beta} of each convolution's output.
   */
  @Test
  void trainedValuesAreFolded() {
    Backbone backbone =
        TestNetworks.backbone(
            tf -> {
              Weights weights = new Weights(tf, new Random(2));
              Operand<TFloat32> x = Graphs.images(tf, "images", 32, 32);
              x =
                  tf.nn.depthwiseConv2dNative(
                      x, weights.of(1, 1, 1, 3, 2), List.of(1L, 1L, 1L, 1L), "VALID");
              x = tf.nn.biasAdd(x, weights.of(1, 6));
              x = tf.nn.biasAdd(weights.conv(x, 1, 9, 1, "VALID"), weights.of(1, 9));
              tf.withName("vector").reshape(x, tf.constant(new int[] {-1, 32, 32, 9}));
            },
            "vector:0");
    FineTuneNetwork tuned = FineTuneNetwork.prepare(backbone, new FineTuneLayers.All());
    TrainableNetwork network = tuned.network();
    Random random = new Random(4);
    Map<String, float[]> values = new HashMap<>();
    for (NetworkParameter parameter : network.parameters()) {
      values.put(parameter.name(), gaussian(random, (int) parameter.size()));
    }
    List<Moments> moments = List.of(moments(random, 6), moments(random, 9));
    float[] images = TestNetworks.images(1, 32, 1);
    float[] actual =
        TestNetworks.run(network.withValues(values, moments), tuned.input(), images, 32, "vector");
    Normalization depthwise = network.normalizations().get(0);
    Normalization pointwise = network.normalizations().get(1);
    for (int pixel : new int[] {0, 500, 1023}) {
      float[] first = values.get(((Normalization.Folding.Kernel) depthwise.folding()).kernel());
      double[] x = new double[6];
      for (int c = 0; c < 6; c++) {
        x[c] = (double) images[3 * pixel + c / 2] * first[c];
      }
      x = normalized(depthwise, x, values, moments.get(0));
      float[] second = values.get(((Normalization.Folding.Kernel) pointwise.folding()).kernel());
      double[] y = new double[9];
      for (int c = 0; c < 54; c++) {
        y[c % 9] += x[c / 9] * second[c];
      }
      y = normalized(pointwise, y, values, moments.get(1));
      for (int c = 0; c < 9; c++) {
        assertThat((double) actual[9 * pixel + c])
            .isCloseTo(y[c], org.assertj.core.api.Assertions.within(1e-4));
      }
    }
  }

  private static double[] normalized(
      Normalization one, double[] x, Map<String, float[]> values, Moments moments) {
    double[] y = new double[x.length];
    for (int c = 0; c < x.length; c++) {
      y[c] =
          values.get(one.gamma())[c]
                  * (x[c] - moments.mean()[c])
                  / Math.sqrt(moments.variance()[c] + 1e-3)
              + values.get(one.beta())[c];
    }
    return y;
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Moments moments(Random random, int channels) {
    float[] variance = new float[channels];
    for (int c = 0; c < channels; c++) {
      variance[c] = 0.2f + random.nextFloat();
    }
    return new Moments(gaussian(random, channels), variance);
  }

  /** Squeeze-and-excitation has no positions to normalize over; scalars are no parameters. */
  @Test
  void parametersOfASqueezeAndExcitation() {
    Backbone backbone =
        TestNetworks.backbone(
            tf -> {
              Weights weights = new Weights(tf, new Random(2));
              Operand<TFloat32> x = Graphs.images(tf, "images", 32, 32);
              x = tf.math.mul(tf.math.sub(x, weights.of(1, 3)), tf.constant(2f));
              x = tf.nn.biasAdd(weights.conv(x, 3, 8, 2, "SAME"), weights.of(1, 8));
              x = tf.math.mul(x, tf.nn.relu6(tf.math.add(x, tf.constant(3f))));
              Operand<TFloat32> mean =
                  tf.math.mean(
                      x, tf.constant(new int[] {1, 2}), org.tensorflow.op.math.Mean.keepDims(true));
              Operand<TFloat32> squeezed =
                  tf.nn.biasAdd(weights.conv(mean, 1, 8, 1, "SAME"), weights.of(1, 8));
              tf.withName("vector").math.mul(x, tf.math.sigmoid(squeezed));
            },
            "vector:0");
    TrainableNetwork network = assertSameFunction(backbone, 1).network();
    assertThat(network.parameters())
        .extracting(NetworkParameter::size)
        .containsExactly(216L, 8L, 8L, 64L, 8L);
  }

  @Test
  void fixedLayersKeepTheirConstants(@TempDir Path directory) throws IOException {
    Backbone backbone = TestNetworks.mobileNet(directory);
    FineTuneNetwork tuned = FineTuneNetwork.prepare(backbone, new FineTuneLayers.LastBlocks(2));
    assertThat(tuned.network().normalizations()).hasSize(4);
    assertThat(tuned.network().parameters())
        .allMatch(one -> one.name().matches(".*Conv2d_1[23]_.*"))
        .hasSize(12);
    Set<String> variables =
        tuned.network().training().getNodeList().stream()
            .filter(node -> node.getOp().equals("VarHandleOp"))
            .map(NodeDef::getName)
            .collect(Collectors.toSet());
    assertThat(variables).hasSize(12);
  }

  @Test
  void halfPrecisionIsRefused() {
    Backbone backbone =
        TestNetworks.backbone(
            tf -> {
              Operand<TFloat16> x =
                  tf.dtypes.cast(Graphs.images(tf, "images", 32, 32), TFloat16.class);
              Operand<TFloat16> kernel =
                  tf.dtypes.cast(new Weights(tf, new Random(1)).of(1, 1, 1, 3, 9), TFloat16.class);
              tf.withName("vector").nn.conv2d(x, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
            },
            "vector:0");
    assertThatThrownBy(() -> FineTuneNetwork.prepare(backbone, new FineTuneLayers.All()))
        .isInstanceOf(RetrainException.class)
        .hasMessage(
            "The network can't be fine-tuned: node 'vector' computes in float16. Freeze the network"
                + " in float32.");
  }
}

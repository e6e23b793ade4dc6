package dev.retrain.finetune;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.finetune.network.NetworkParameter;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.InceptionReplica;
import dev.retrain.testing.SharedData;
import dev.retrain.training.graph.FetchedTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.types.TFloat32;

/** Networks to fine-tune. */
public final class TestNetworks {
  private static final GraphDef REPLICA = InceptionReplica.build(1);

  private TestNetworks() {}

  /** MobileNet v1 0.25 of ../shared; skips the test if it is missing. */
  public static Backbone mobileNet(Path directory) throws IOException {
    return BackboneLoader.load(
        BackboneRegistry.find("mobilenet_v1_0.25_224").orElseThrow(),
        FeatureSet.LAST,
        SharedData.mobileNetDirectory(directory));
  }

  /** Inception-V3 of 2015 with random weights. */
  public static Backbone inception() {
    return backbone(REPLICA, "Mul:0", 299, "pool_3:0");
  }

  /** A backbone whose images have the values of the network. */
  public static Backbone backbone(GraphDef graph, String input, int size, String... bottlenecks) {
    return new Backbone(
        "test", graph, "00", input, List.of(bottlenecks), new Preprocessing(size, size, 0, 1));
  }

  /** A network with input {@code images}, of 32 pixels. */
  public static Backbone backbone(Consumer<Ops> nodes, String bottleneck) {
    return backbone(Graphs.of(nodes), "images:0", 32, bottleneck);
  }

  /** A residual network with most ops of such: 3 blocks and a dense layer; vectors of 10. */
  public static void residual(Ops tf) {
    residual(tf, 32);
  }

  /** The same network for images of another height and width. */
  public static void residual(Ops tf, int size) {
    Weights weights = new Weights(tf, new Random(3));
    Operand<TFloat32> x = Graphs.images(tf, "images", size, size);
    x = tf.pad(x, tf.constant(new int[][] {{0, 0}, {2, 1}, {2, 1}, {0, 0}}), tf.constant(0f));
    x = tf.nn.relu(weights.normalized(weights.conv(x, 3, 8, 2, "VALID"), 8));
    x =
        tf.nn.maxPool(
            x, tf.constant(new int[] {1, 3, 3, 1}), tf.constant(new int[] {1, 2, 2, 1}), "SAME");
    x = tf.withName("first").nn.relu(tf.math.add(x, weights.block(x, 8, 8, 1)));
    Operand<TFloat32> shortcut = weights.biased(weights.conv(x, 1, 12, 2, "SAME"), 12);
    x = tf.withName("second").nn.relu(tf.math.add(shortcut, weights.block(x, 8, 12, 2)));
    // A normalization that no convolution takes up.
    x = tf.nn.relu(weights.normalized(tf.concat(List.of(x, x), tf.constant(3)), 24));
    x = weights.biased(weights.conv(x, 3, 6, 1, "SAME"), 6);
    Operand<TFloat32> mean = tf.math.mean(x, tf.constant(new int[] {1, 2}), Mean.keepDims(false));
    tf.withName("vector")
        .nn
        .biasAdd(tf.linalg.matMul(mean, weights.of(0.5, 6, 10)), weights.of(0.1, 10));
  }

  /** Layers with random weights. */
  public record Weights(Ops tf, Random random) {
    public Operand<TFloat32> of(double deviation, long... shape) {
      float[] values = new float[(int) Shape.of(shape).size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (deviation * random.nextGaussian());
      }
      return tf.constant(Shape.of(shape), DataBuffers.of(values));
    }

    private Operand<TFloat32> positive(long channels) {
      float[] values = new float[(int) channels];
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.5f + random.nextFloat();
      }
      return tf.constant(values);
    }

    public Operand<TFloat32> conv(
        Operand<TFloat32> x, long size, long filters, long stride, String padding) {
      long in = x.shape().get(3);
      return tf.nn.conv2d(
          x,
          of(1 / Math.sqrt((double) size * size * in), size, size, in, filters),
          List.of(1L, stride, stride, 1L),
          padding);
    }

    Operand<TFloat32> biased(Operand<TFloat32> x, long channels) {
      return tf.nn.biasAdd(x, of(0.1, channels));
    }

    public Operand<TFloat32> normalized(Operand<TFloat32> x, long channels) {
      return tf.nn
          .fusedBatchNorm(
              x,
              positive(channels),
              of(0.1, channels),
              of(0.1, channels),
              positive(channels),
              FusedBatchNorm.isTraining(false))
          .y();
    }

    Operand<TFloat32> block(Operand<TFloat32> x, long in, long filters, long stride) {
      Operand<TFloat32> first =
          tf.nn.relu6(normalized(conv(x, 3, filters, stride, "SAME"), filters));
      return biased(conv(first, 3, filters, 1, "SAME"), filters);
    }
  }

  /** Images with values of -1 to 1. */
  public static float[] images(int count, int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * size * size * 3];
    double[] phase = random.doubles(4L * count, 0, 6).toArray();
    for (int i = 0; i < values.length; i++) {
      int image = i / size / size / 3;
      int x = i / 3 % size;
      int y = i / 3 / size % size;
      values[i] =
          (float)
              (0.5 * Math.sin(phase[4 * image] + x * phase[4 * image + 1] / 7)
                  + 0.4 * Math.cos(phase[4 * image + 2] * (i % 3 + 1) + y / 5.0)
                  + 0.1 * random.nextGaussian());
    }
    return values;
  }

  /** Feeds images and fetches a node's values. */
  public static float[] run(
      GraphDef definition, String input, float[] images, int size, String fetched) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          TFloat32 tensor =
              TFloat32.tensorOf(
                  Shape.of(images.length / size / size / 3, size, size, 3),
                  DataBuffers.of(images));
          Result result = session.runner().feed(input, tensor).fetch(fetched).run()) {
        return FetchedTensors.floats(result.get(0));
      }
    }
  }

  /** The training graph with constants in place of its variables. */
  public static GraphDef withConstants(TrainableNetwork network, Map<String, float[]> values) {
    Map<String, NetworkParameter> parameters = new HashMap<>();
    network.parameters().forEach(one -> parameters.put(one.name(), one));
    GraphDef.Builder graph = network.training().toBuilder().clearNode();
    for (NodeDef node : network.training().getNodeList()) {
      if (node.getOp().equals("ReadVariableOp")) {
        NetworkParameter parameter = parameters.get(node.getName());
        graph.addNode(constant(parameter, values.get(node.getName())));
      } else if (!node.getOp().equals("VarHandleOp")) {
        graph.addNode(node);
      }
    }
    return graph.build();
  }

  private static NodeDef constant(NetworkParameter parameter, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return NodeDef.newBuilder()
        .setName(parameter.name())
        .setOp("Const")
        .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
        .putAttr(
            "value",
            AttrValue.newBuilder()
                .setTensor(
                    TensorProto.newBuilder()
                        .setDtype(DataType.DT_FLOAT)
                        .setTensorShape(parameter.shape())
                        .setTensorContent(ByteString.copyFrom(bytes)))
                .build())
        .build();
  }

  /** The norm of the difference, relative to the expected values. */
  public static double distance(float[] actual, float[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(actual.length + " values instead of " + expected.length);
    }
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}

package dev.retrain.testing;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;

/**
 * The Inception-V3 graph of 5 December 2015 (classify_image_graph_def.pb), node for node, with
 * seeded random weights: old ops, an old producer version, and a batch size of one.
 */
public final class InceptionReplica {
  /** Before version 9 a graph may hold BatchNormWithGlobalNormalization. */
  private static final int PRODUCER = 8;

  private static final int CLASSES = 1008;

  private final GraphDef.Builder graph = GraphDef.newBuilder();
  private final Map<String, Integer> channels = new HashMap<>();
  private final Random random;

  private InceptionReplica(long seed) {
    random = new Random(seed);
  }

  /** Builds the graph; equal seeds give equal graphs. */
  public static GraphDef build(long seed) {
    return new InceptionReplica(seed).graph();
  }

  private GraphDef graph() {
    graph.setVersions(VersionDef.newBuilder().setProducer(PRODUCER));
    addInput();
    String x = conv("conv", "Mul", 3, 3, 32, 2, "VALID");
    x = conv("conv_1", x, 3, 3, 32, 1, "VALID");
    x = conv("conv_2", x, 3, 3, 64, 1, "SAME");
    x = checkedMaxPool("pool", x);
    x = conv("conv_3", x, 1, 1, 80, 1, "VALID");
    x = conv("conv_4", x, 3, 3, 192, 1, "VALID");
    x = maxPool("pool_1", x, 3, 2, "VALID");
    x = mixedA("mixed", x, 32);
    x = mixedA("mixed_1", x, 64);
    x = mixedA("mixed_2", x, 64);
    x = mixed3(x);
    x = mixedB("mixed_4", x, 128);
    x = mixedB("mixed_5", x, 160);
    x = mixedB("mixed_6", x, 160);
    x = mixedB("mixed_7", x, 192);
    x = mixed8(x);
    x = mixedC("mixed_9", x, true);
    x = mixedC("mixed_10", x, false);
    avgPool("pool_3", x, 8, "VALID");
    addHead();
    return graph.build();
  }

  private void addInput() {
    node("DecodeJpeg/contents", "Const")
        .putAttr("dtype", type(DataType.DT_STRING))
        .putAttr(
            "value",
            AttrValue.newBuilder()
                .setTensor(
                    TensorProto.newBuilder()
                        .setDtype(DataType.DT_STRING)
                        .setTensorShape(TensorShapeProto.getDefaultInstance())
                        .addStringVal(ByteString.EMPTY))
                .build());
    node("DecodeJpeg", "DecodeJpeg", "DecodeJpeg/contents").putAttr("channels", number(3));
    node("Cast", "Cast", "DecodeJpeg")
        .putAttr("SrcT", type(DataType.DT_UINT8))
        .putAttr("DstT", type(DataType.DT_FLOAT));
    ints("ExpandDims/dim", 0);
    node("ExpandDims", "ExpandDims", "Cast", "ExpandDims/dim")
        .putAttr("T", type(DataType.DT_FLOAT));
    ints("ResizeBilinear/size", 299, 299);
    node("ResizeBilinear", "ResizeBilinear", "ExpandDims", "ResizeBilinear/size")
        .putAttr("T", type(DataType.DT_FLOAT));
    floats("Sub/y", new float[] {128});
    node("Sub", "Sub", "ResizeBilinear", "Sub/y").putAttr("T", type(DataType.DT_FLOAT));
    floats("Mul/y", new float[] {0.0078125f});
    node("Mul", "Mul", "Sub", "Mul/y").putAttr("T", type(DataType.DT_FLOAT));
    channels.put("Mul", 3);
  }

  private String mixedA(String name, String x, int poolFilters) {
    String tower = conv(name + "/tower/conv", x, 1, 1, 48);
    String tower1 = conv(name + "/tower_1/conv", x, 1, 1, 64);
    tower1 = conv(name + "/tower_1/conv_1", tower1, 3, 3, 96);
    String pool = avgPool(name + "/tower_2/pool", x, 3, "SAME");
    return join(
        name,
        conv(name + "/conv", x, 1, 1, 64),
        conv(name + "/tower/conv_1", tower, 5, 5, 64),
        conv(name + "/tower_1/conv_2", tower1, 3, 3, 96),
        conv(name + "/tower_2/conv", pool, 1, 1, poolFilters));
  }

  private String mixed3(String x) {
    String tower = conv("mixed_3/tower/conv", x, 1, 1, 64);
    tower = conv("mixed_3/tower/conv_1", tower, 3, 3, 96);
    return join(
        "mixed_3",
        conv("mixed_3/conv", x, 3, 3, 384, 2, "VALID"),
        conv("mixed_3/tower/conv_2", tower, 3, 3, 96, 2, "VALID"),
        maxPool("mixed_3/pool", x, 3, 2, "VALID"));
  }

  private String mixedB(String name, String x, int k) {
    String tower = conv(name + "/tower/conv", x, 1, 1, k);
    tower = conv(name + "/tower/conv_1", tower, 1, 7, k);
    String tower1 = conv(name + "/tower_1/conv", x, 1, 1, k);
    tower1 = conv(name + "/tower_1/conv_1", tower1, 7, 1, k);
    tower1 = conv(name + "/tower_1/conv_2", tower1, 1, 7, k);
    tower1 = conv(name + "/tower_1/conv_3", tower1, 7, 1, k);
    String pool = avgPool(name + "/tower_2/pool", x, 3, "SAME");
    return join(
        name,
        conv(name + "/conv", x, 1, 1, 192),
        conv(name + "/tower/conv_2", tower, 7, 1, 192),
        conv(name + "/tower_1/conv_4", tower1, 1, 7, 192),
        conv(name + "/tower_2/conv", pool, 1, 1, 192));
  }

  private String mixed8(String x) {
    String tower = conv("mixed_8/tower/conv", x, 1, 1, 192);
    String tower1 = conv("mixed_8/tower_1/conv", x, 1, 1, 192);
    tower1 = conv("mixed_8/tower_1/conv_1", tower1, 1, 7, 192);
    tower1 = conv("mixed_8/tower_1/conv_2", tower1, 7, 1, 192);
    return join(
        "mixed_8",
        conv("mixed_8/tower/conv_1", tower, 3, 3, 320, 2, "VALID"),
        conv("mixed_8/tower_1/conv_3", tower1, 3, 3, 192, 2, "VALID"),
        maxPool("mixed_8/pool", x, 3, 2, "VALID"));
  }

  private String mixedC(String name, String x, boolean averagePool) {
    String tower = conv(name + "/tower/conv", x, 1, 1, 384);
    String tower1 = conv(name + "/tower_1/conv", x, 1, 1, 448);
    tower1 = conv(name + "/tower_1/conv_1", tower1, 3, 3, 384);
    String pool =
        averagePool
            ? avgPool(name + "/tower_2/pool", x, 3, "SAME")
            : maxPool(name + "/tower_2/pool", x, 3, 1, "SAME");
    return join(
        name,
        conv(name + "/conv", x, 1, 1, 320),
        conv(name + "/tower/mixed/conv", tower, 1, 3, 384),
        conv(name + "/tower/mixed/conv_1", tower, 3, 1, 384),
        conv(name + "/tower_1/mixed/conv", tower1, 1, 3, 384),
        conv(name + "/tower_1/mixed/conv_1", tower1, 3, 1, 384),
        conv(name + "/tower_2/conv", pool, 1, 1, 192));
  }

  private void addHead() {
    ints("pool_3/_reshape/shape", 1, 2048);
    node("pool_3/_reshape", "Reshape", "pool_3", "pool_3/_reshape/shape")
        .putAttr("T", type(DataType.DT_FLOAT));
    floats("softmax/weights", gaussian(2048 * CLASSES, 0.01), 2048, CLASSES);
    floats("softmax/biases", gaussian(CLASSES, 0.01), CLASSES);
    node("softmax/logits/MatMul", "MatMul", "pool_3/_reshape", "softmax/weights")
        .putAttr("T", type(DataType.DT_FLOAT));
    node("softmax/logits", "BiasAdd", "softmax/logits/MatMul", "softmax/biases")
        .putAttr("T", type(DataType.DT_FLOAT));
    node("softmax", "Softmax", "softmax/logits").putAttr("T", type(DataType.DT_FLOAT));
  }

  private String conv(String name, String x, int height, int width, int filters) {
    return conv(name, x, height, width, filters, 1, "SAME");
  }

  private String conv(
      String name, String x, int height, int width, int filters, int stride, String padding) {
    int in = channels.get(x);
    floats(
        name + "/conv2d_params",
        gaussian(height * width * in * filters, Math.sqrt(2.0 / (height * width * in))),
        height,
        width,
        in,
        filters);
    node(name + "/Conv2D", "Conv2D", x, name + "/conv2d_params")
        .putAttr("T", type(DataType.DT_FLOAT))
        .putAttr("strides", list(1, stride, stride, 1))
        .putAttr("padding", text(padding));
    floats(name + "/batchnorm/beta", gaussian(filters, 0.1), filters);
    floats(name + "/batchnorm/gamma", gaussian(filters, 1), filters);
    floats(name + "/batchnorm/moving_mean", gaussian(filters, 0.1), filters);
    float[] variance = new float[filters];
    for (int i = 0; i < filters; i++) {
      variance[i] = 0.5f + random.nextFloat();
    }
    floats(name + "/batchnorm/moving_variance", variance, filters);
    node(
            name + "/batchnorm",
            "BatchNormWithGlobalNormalization",
            name + "/Conv2D",
            name + "/batchnorm/moving_mean",
            name + "/batchnorm/moving_variance",
            name + "/batchnorm/beta",
            name + "/batchnorm/gamma")
        .putAttr("T", type(DataType.DT_FLOAT))
        .putAttr("variance_epsilon", AttrValue.newBuilder().setF(0.001f).build())
        .putAttr("scale_after_normalization", AttrValue.newBuilder().setB(false).build());
    checked(name, name + "/batchnorm");
    node(name, "Relu", name + "/control_dependency").putAttr("T", type(DataType.DT_FLOAT));
    channels.put(name, filters);
    return name;
  }

  private void checked(String name, String x) {
    node(name + "/CheckNumerics", "CheckNumerics", x)
        .putAttr("T", type(DataType.DT_FLOAT))
        .putAttr("message", text(name));
    node(name + "/control_dependency", "Identity", x, "^" + name + "/CheckNumerics")
        .putAttr("T", type(DataType.DT_FLOAT));
  }

  private String checkedMaxPool(String name, String x) {
    checked(name, x);
    channels.put(name + "/control_dependency", channels.get(x));
    return maxPool(name, name + "/control_dependency", 3, 2, "VALID");
  }

  // As then: without the attribute T.
  private String maxPool(String name, String x, int size, int stride, String padding) {
    node(name, "MaxPool", x)
        .putAttr("ksize", list(1, size, size, 1))
        .putAttr("strides", list(1, stride, stride, 1))
        .putAttr("padding", text(padding));
    channels.put(name, channels.get(x));
    return name;
  }

  private String avgPool(String name, String x, int size, String padding) {
    node(name, "AvgPool", x)
        .putAttr("T", type(DataType.DT_FLOAT))
        .putAttr("ksize", list(1, size, size, 1))
        .putAttr("strides", list(1, 1, 1, 1))
        .putAttr("padding", text(padding));
    channels.put(name, channels.get(x));
    return name;
  }

  private String join(String name, String... parts) {
    String join = name + "/join";
    ints(join + "/concat_dim", 3);
    List<String> inputs = new ArrayList<>(List.of(join + "/concat_dim"));
    inputs.addAll(List.of(parts));
    node(join, "Concat", inputs.toArray(String[]::new))
        .putAttr("T", type(DataType.DT_FLOAT))
        .putAttr("N", number(parts.length));
    channels.put(join, List.of(parts).stream().mapToInt(channels::get).sum());
    return join;
  }

  private NodeDef.Builder node(String name, String op, String... inputs) {
    return graph.addNodeBuilder().setName(name).setOp(op).addAllInput(List.of(inputs));
  }

  private void ints(String name, int... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(DataType.DT_INT32);
    IntStream.of(values).forEach(tensor::addIntVal);
    constant(name, tensor, values.length == 1 ? new int[0] : new int[] {values.length});
  }

  private void floats(String name, float[] values, int... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorContent(ByteString.copyFrom(bytes)),
        shape);
  }

  private void constant(String name, TensorProto.Builder tensor, int... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    IntStream.of(shape).forEach(size -> dimensions.addDimBuilder().setSize(size));
    node(name, "Const")
        .putAttr("dtype", type(tensor.getDtype()))
        .putAttr(
            "value", AttrValue.newBuilder().setTensor(tensor.setTensorShape(dimensions)).build());
  }

  private float[] gaussian(int length, double stddev) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (stddev * random.nextGaussian());
    }
    return values;
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  private static AttrValue number(long value) {
    return AttrValue.newBuilder().setI(value).build();
  }

  private static AttrValue text(String value) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
  }

  private static AttrValue list(long... values) {
    AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
    for (long value : values) {
      list.addI(value);
    }
    return AttrValue.newBuilder().setList(list).build();
  }
}

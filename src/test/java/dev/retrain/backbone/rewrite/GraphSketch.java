package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;

/** A small graph, drawn node by node, with seeded random constants; images go in at {@code x}. */
final class GraphSketch {
  /** Two images of 6 x 5, three channels. */
  private static final Shape IMAGES = Shape.of(2, 6, 5, 3);

  /** The last producer that may use BatchNormWithGlobalNormalization. */
  static final int OLD = 8;

  private final GraphDef.Builder graph = GraphDef.newBuilder();
  private final Random random = new Random(11);

  GraphSketch() {
    graph.getVersionsBuilder().setProducer(OLD);
    graph
        .addNodeBuilder()
        .setName("x")
        .setOp("Placeholder")
        .putAttr("dtype", type(DataType.DT_FLOAT))
        .putAttr("shape", AttrValue.newBuilder().setShape(shape(-1, 6, 5, 3)).build());
  }

  GraphDef build() {
    return graph.build();
  }

  /** A node of float32 values. */
  NodeDef.Builder node(String name, String op, String... inputs) {
    return graph
        .addNodeBuilder()
        .setName(name)
        .setOp(op)
        .addAllInput(List.of(inputs))
        .putAttr("T", type(DataType.DT_FLOAT));
  }

  /** Normally distributed. */
  GraphSketch constant(String name, long... sizes) {
    return constant(name, sizes, () -> (float) random.nextGaussian());
  }

  /** From 0.5 to 1.5. */
  GraphSketch positive(String name, long... sizes) {
    return constant(name, sizes, () -> 0.5f + random.nextFloat());
  }

  GraphSketch zeros(String name, long... sizes) {
    return constant(name, sizes, () -> 0f);
  }

  private GraphSketch constant(String name, long[] sizes, Supplier<Float> value) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDtype(DataType.DT_FLOAT).setTensorShape(shape(sizes));
    long count = LongStream.of(sizes).reduce(1, (a, b) -> a * b);
    for (long i = 0; i < count; i++) {
      tensor.addFloatVal(value.get());
    }
    return constant(name, tensor.build());
  }

  GraphSketch ints(String name, int... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDtype(DataType.DT_INT32).setTensorShape(shape(values.length));
    IntStream.of(values).forEach(tensor::addIntVal);
    return constant(name, tensor.build());
  }

  private GraphSketch constant(String name, TensorProto value) {
    graph
        .addNodeBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", type(value.getDtype()))
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build());
    return this;
  }

  /** A constant read through an Identity, {@code name/read}, as frozen variables are. */
  GraphSketch variable(String name, long... sizes) {
    constant(name, sizes);
    node(name + "/read", "Identity", name);
    return this;
  }

  /** A 3 x 3 convolution of x: 4 channels. */
  GraphSketch convolution(String name) {
    variable(name + "/weights", 3, 3, 3, 4);
    convolution(name, "Conv2D", name + "/weights/read");
    return this;
  }

  /** A 3 x 3 depthwise convolution of x: 3 channels each gives so many. */
  GraphSketch depthwise(String name, int multiplier) {
    variable(name + "/weights", 3, 3, 3, multiplier);
    convolution(name, "DepthwiseConv2dNative", name + "/weights/read");
    return this;
  }

  private void convolution(String name, String op, String weights) {
    node(name, op, "x", weights)
        .putAttr("strides", list(1, 1, 1, 1))
        .putAttr("padding", text("SAME"));
  }

  static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  static AttrValue text(String value) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
  }

  static AttrValue flag(boolean value) {
    return AttrValue.newBuilder().setB(value).build();
  }

  static AttrValue number(float value) {
    return AttrValue.newBuilder().setF(value).build();
  }

  private static AttrValue list(long... values) {
    AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
    LongStream.of(values).forEach(list::addI);
    return AttrValue.newBuilder().setList(list).build();
  }

  private static TensorShapeProto shape(long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    LongStream.of(sizes).forEach(size -> shape.addDimBuilder().setSize(size));
    return shape.build();
  }

  /** The ops of a graph but its constants and the Identity nodes before them, sorted. */
  static List<String> ops(GraphDef graph) {
    return graph.getNodeList().stream()
        .map(NodeDef::getOp)
        .filter(op -> !op.equals("Const") && !op.equals("Identity"))
        .sorted()
        .toList();
  }

  static NodeDef find(GraphDef graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no node " + name));
  }

  /**
   * Runs both graphs on the same images and compares every node of floats that both have, and the
   * given ones in any case.
   */
  static void assertSameValues(GraphDef before, GraphDef after, String... always) {
    assertThat(after.getVersions()).isEqualTo(before.getVersions());
    List<String> inBoth =
        new ArrayList<>(before.getNodeList().stream().map(NodeDef::getName).toList());
    inBoth.retainAll(after.getNodeList().stream().map(NodeDef::getName).toList());
    assertThat(inBoth).contains(always);
    List<String> floats =
        inBoth.stream().filter(name -> isOfFloats(find(before, name))).collect(Collectors.toList());
    List<float[]> expected = run(before, floats);
    List<float[]> actual = run(after, floats);
    for (int i = 0; i < floats.size(); i++) {
      String name = floats.get(i);
      assertThat(actual.get(i)).as(name).containsExactly(expected.get(i), within(1e-4f));
      if (List.of(always).contains(name)) {
        assertThat(expected.get(i)).as(name).isNotEqualTo(new float[expected.get(i).length]);
      }
    }
  }

  private static boolean isOfFloats(NodeDef node) {
    String attribute = node.getOp().equals("Const") ? "dtype" : "T";
    return node.getAttrMap().containsKey(attribute)
        && node.getAttrOrThrow(attribute).getType() == DataType.DT_FLOAT
        && !node.getOp().equals("Assert");
  }

  private static List<float[]> run(GraphDef definition, List<String> names) {
    float[] images = new float[(int) IMAGES.size()];
    Random random = new Random(3);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          TFloat32 fed = TFloat32.tensorOf(IMAGES, DataBuffers.of(images))) {
        Session.Runner runner = session.runner().feed("x", fed);
        names.forEach(runner::fetch);
        try (Result result = runner.run()) {
          List<float[]> values = new ArrayList<>();
          for (int i = 0; i < names.size(); i++) {
            TFloat32 tensor = (TFloat32) result.get(i);
            float[] flat = new float[(int) tensor.size()];
            tensor.asRawTensor().data().asFloats().read(flat);
            values.add(flat);
          }
          return values;
        }
      }
    }
  }
}

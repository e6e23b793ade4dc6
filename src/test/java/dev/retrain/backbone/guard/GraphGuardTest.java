package dev.retrain.backbone.guard;

import static dev.retrain.backbone.guard.HostileGraph.func;
import static dev.retrain.backbone.guard.HostileGraph.function;
import static dev.retrain.backbone.guard.HostileGraph.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.InceptionReplica;
import dev.retrain.testing.SampleModel;
import dev.retrain.testing.SharedData;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.image.DecodeJpeg;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/** Graphs that people use pass. */
class GraphGuardTest {
  private static void assertPasses(GraphDef graph) {
    assertThatCode(() -> GraphGuard.check("net.pb", graph, false)).doesNotThrowAnyException();
  }

  @Test
  void mobileNetPasses(@TempDir Path directory) throws IOException {
    Path models = SharedData.mobileNetDirectory(directory);
    try (Stream<Path> files = Files.walk(models)) {
      List<Path> graphs = files.filter(file -> file.toString().endsWith(".pb")).toList();
      for (Path file : graphs) {
        assertPasses(GraphDef.parseFrom(Files.readAllBytes(file)));
      }
    }
  }

  @Test
  void inceptionPasses() {
    assertPasses(InceptionReplica.build(1));
  }

  @Test
  void scatteringPasses() throws IOException {
    assertPasses(SampleModel.backbone().graph());
  }

  @Test
  void imageDecoderPasses() {
    assertPasses(
        Graphs.of(
            tf -> {
              var bytes = tf.placeholder(TString.class);
              var image = tf.image.decodeJpeg(bytes, DecodeJpeg.channels(3L));
              var floats = tf.expandDims(tf.dtypes.cast(image, TFloat32.class), tf.constant(0));
              tf.image.resizeBilinear(floats, tf.constant(new int[] {299, 299}));
            }));
  }

  @Test
  void kerasBlockPasses() {
    assertPasses(
        Graphs.of(
            tf -> {
              var images = Graphs.images(tf, "images", 8, 8);
              var filter = tf.constant(new float[1][1][3][3]);
              var conv = tf.nn.conv2d(images, filter, List.of(1L, 1L, 1L, 1L), "SAME");
              var one = tf.constant(new float[] {1, 1, 1});
              var norm =
                  tf.nn.fusedBatchNorm(conv, one, one, one, one, FusedBatchNorm.isTraining(false));
              var hard =
                  tf.math.mul(
                      norm.y(),
                      tf.math.mul(
                          tf.nn.relu6(tf.math.add(norm.y(), tf.constant(3f))),
                          tf.constant(1 / 6f)));
              var pooled = tf.math.mean(hard, tf.constant(new int[] {1, 2}));
              tf.reshape(tf.nn.softmax(pooled), tf.constant(new int[] {-1, 3}));
              tf.broadcastTo(tf.constant(1f), tf.constant(Shape.of(2, 3)));
            }));
  }

  @Test
  void branchesRun() {
    GraphDef graph =
        HostileGraph.changed(
            g ->
                g.function(
                        function("double", NodeDefs.floats("sum", "Add", "x", "x"))
                            .putRet("y", "sum:z:0"))
                    .function(function("same").putRet("y", "x"))
                    .add(condition("condition"))
                    .add(
                        node("branch", "StatelessIf", "condition", "images")
                            .putAttr("Tcond", NodeDefs.type(DataType.DT_BOOL))
                            .putAttr("Tin", HostileGraph.types(DataType.DT_FLOAT))
                            .putAttr("Tout", HostileGraph.types(DataType.DT_FLOAT))
                            .putAttr(
                                "output_shapes",
                                AttrValue.newBuilder()
                                    .setList(
                                        AttrValue.ListValue.newBuilder()
                                            .addShape(NodeDefs.shape(-1, 4, 4, 3)))
                                    .build())
                            .putAttr("then_branch", func("double"))
                            .putAttr("else_branch", func("same")))
                    .poolFrom("branch"));
    GraphDef.Builder typed = graph.toBuilder();
    typed
        .getLibraryBuilder()
        .getFunctionBuilderList()
        .forEach(
            f ->
                f.getSignatureBuilder()
                    .addOutputArg(
                        OpDef.ArgDef.newBuilder().setName("y").setType(DataType.DT_FLOAT)));
    try (BackboneSession session = new BackboneSession(backbone(typed.build()))) {
      assertThat(session.vectors(List.of(new float[48]))).containsExactly(0, 0, 0);
    }
  }

  private static NodeDef.Builder condition(String name) {
    return NodeDefs.constant(
        name, TensorProto.newBuilder().setDtype(DataType.DT_BOOL).addBoolVal(true).build())
        .toBuilder();
  }

  private static Backbone backbone(GraphDef graph) {
    return new Backbone(
        "net.pb", graph, "ab12", "images:0", List.of("pool:0"), new Preprocessing(4, 4, 0, 1));
  }

  @Test
  void opsAfterTheVectorAndUncalledFunctionsAreNotChecked() {
    GraphDef graph =
        HostileGraph.changed(
            g ->
                g.add(node("unused", "ReadFile"))
                    .function(function("uncalled", node("read", "ReadFile"))));
    try (BackboneSession session = new BackboneSession(backbone(graph))) {
      assertThat(session.vectorLength()).isEqualTo(3);
    }
  }

  @Test
  void trustedGraphMayContainAnyOp() {
    GraphDef graph = HostileGraph.with(node("evil", "ReadFile"));
    assertThatCode(() -> GraphGuard.check("net.pb", graph, true)).doesNotThrowAnyException();
  }

  @Test
  void trustedGraphMustBeValid() {
    GraphDef graph = HostileGraph.with(NodeDefs.floats("a", "Identity", "a"));
    assertThatThrownBy(() -> GraphGuard.check("net.pb", graph, true))
        .isInstanceOf(RetrainException.class);
  }

  @Test
  void loopIsNoCycle() {
    GraphDef graph =
        HostileGraph.changed(
            g ->
                g.run(node("merge", "Merge", "images", "next"))
                    .add(node("next", "NextIteration", "merge")));
    assertThatCode(() -> GraphGuard.check("net.pb", graph, true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> GraphGuard.check("net.pb", graph, false))
        .hasMessageContaining("NextIteration");
  }

  private static Set<String> registered(boolean stateful) {
    return TensorFlow.registeredOpList().getOpList().stream()
        .filter(op -> !stateful || op.getIsStateful())
        .map(OpDef::getName)
        .collect(Collectors.toSet());
  }

  @Test
  void allowedOpsExist() {
    assertThat(registered(false)).containsAll(AllowedOps.all());
  }

  /**
   * TensorFlow marks ops as stateful that passes must keep: calls and branches, whose functions are
   * checked, and checks of values.
   */
  @Test
  void allowedOpsHaveNoState() {
    Set<String> stateful = registered(true);
    assertThat(AllowedOps.all().stream().filter(stateful::contains))
        .containsExactlyInAnyOrder(
            "Case",
            "CheckNumerics",
            "CheckNumericsV2",
            "GuaranteeConst",
            "If",
            "StatefulPartitionedCall");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Conv2D DepthwiseConv2dNative FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 BiasAdd",
        "Relu Relu6 Elu Selu Softplus Softsign Sigmoid Tanh LeakyRelu Softmax Erf",
        "MatMul BatchMatMul BatchMatMulV2 BatchMatMulV3 Einsum Mean Max Min Sum Prod",
        "StridedSlice Gather GatherV2 GatherNd Where Select SelectV2 Cast Pad PadV2 MirrorPad",
        "ResizeBilinear ResizeNearestNeighbor ResizeBicubic ResizeArea Split SplitV Pack Unpack",
        "Switch Merge If Case StatelessIf StatelessCase PartitionedCall StatefulPartitionedCall",
        "BatchNormWithGlobalNormalization Concat ConcatV2 CheckNumerics DecodeJpeg ExpandDims",
      })
  void opsOfCommonNetworksAreAllowed(String ops) {
    assertThat(AllowedOps.all()).contains(ops.split(" "));
  }
}

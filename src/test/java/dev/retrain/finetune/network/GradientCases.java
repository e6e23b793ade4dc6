package dev.retrain.finetune.network;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.finetune.TestNetworks;
import dev.retrain.finetune.TestNetworks.Weights;
import dev.retrain.testing.Graphs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** Small networks, each with ops between two convolutions. */
final class GradientCases {
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);
  private static final Map<String, Layers> CASES = new LinkedHashMap<>();

  private GradientCases() {}

  /** Layers on x, [n, 8, 8, 9], with 9 channels at the end. */
  interface Layers {
    Operand<TFloat32> add(Ops tf, Weights weights, Operand<TFloat32> x);
  }

  static {
    CASES.put(
        "explicit_padding",
        (tf, w, x) ->
            tf.nn.conv2d(
                x,
                w.of(.2, 3, 3, 9, 9),
                ONES,
                "EXPLICIT",
                Conv2d.explicitPaddings(0L, 0L, 2L, 1L, 1L, 0L, 0L, 0L)));
    CASES.put(
        "strided",
        (tf, w, x) -> tf.nn.conv2d(x, w.of(.2, 4, 3, 9, 9), List.of(1L, 3L, 3L, 1L), "SAME"));
    CASES.put(
        "depthwise",
        (tf, w, x) ->
            tf.nn.depthwiseConv2dNative(x, w.of(.2, 3, 3, 9, 1), List.of(1L, 2L, 2L, 1L), "SAME"));
    CASES.put(
        "depthwise_dilated",
        (tf, w, x) ->
            tf.nn.depthwiseConv2dNative(
                x,
                w.of(.2, 3, 3, 9, 1),
                ONES,
                "SAME",
                DepthwiseConv2dNative.dilations(1L, 2L, 2L, 1L)));
    CASES.put(
        "depthwise_explicit",
        (tf, w, x) ->
            tf.nn.depthwiseConv2dNative(
                x,
                w.of(.2, 3, 3, 9, 1),
                ONES,
                "EXPLICIT",
                DepthwiseConv2dNative.explicitPaddings(0L, 0L, 2L, 1L, 1L, 0L, 0L, 0L)));
    CASES.put(
        "transposed",
        (tf, w, x) ->
            tf.nn.conv2dBackpropInput(
                tf.concat(
                    List.of(tf.constant(new int[] {3}), tf.constant(new int[] {16, 16, 9})),
                    tf.constant(0)),
                w.of(.2, 3, 3, 9, 9),
                x,
                List.of(1L, 2L, 2L, 1L),
                "SAME"));
    CASES.put(
        "avg_pool",
        (tf, w, x) -> tf.nn.avgPool(x, List.of(1L, 3L, 3L, 1L), List.of(1L, 2L, 2L, 1L), "SAME"));
    CASES.put(
        "max_pool",
        (tf, w, x) ->
            tf.nn.maxPool(
                x,
                tf.constant(new int[] {1, 3, 3, 1}),
                tf.constant(new int[] {1, 2, 2, 1}),
                "SAME"));
    CASES.put("lrn", (tf, w, x) -> tf.nn.localResponseNormalization(x));
    CASES.put("pad", (tf, w, x) -> tf.pad(x, paddings(tf), tf.constant(.5f)));
    CASES.put("mirror_pad", (tf, w, x) -> tf.mirrorPad(x, paddings(tf), "REFLECT"));
    CASES.put("concat", (tf, w, x) -> tf.concat(List.of(x, tf.nn.relu(x)), tf.constant(3)));
    CASES.put(
        "split",
        (tf, w, x) -> {
          var parts = tf.split(tf.constant(3), x, 3L).output();
          return tf.concat(
              List.of(parts.get(2), tf.math.square(parts.get(0)), parts.get(1)), tf.constant(-1));
        });
    CASES.put(
        "slice",
        (tf, w, x) ->
            tf.slice(x, tf.constant(new int[] {0, 1, 2, 0}), tf.constant(new int[] {-1, 5, 5, 9})));
    CASES.put(
        "strided_slice",
        (tf, w, x) ->
            tf.stridedSlice(
                x,
                tf.constant(new int[] {0, 1, 7, 0}),
                tf.constant(new int[] {3, 8, 0, 9}),
                tf.constant(new int[] {1, 2, -2, 1})));
    CASES.put(
        "gather",
        (tf, w, x) ->
            tf.gather(x, tf.constant(new int[] {3, 0, 3, 1, 5, 8, 7, 2, 2}), tf.constant(3)));
    CASES.put(
        "pack",
        (tf, w, x) ->
            tf.math.mul(
                tf.unstack(tf.stack(List.of(x, tf.math.square(x))), 2L).output().get(1), x));
    CASES.put(
        "transpose",
        (tf, w, x) -> tf.linalg.transpose(tf.math.square(x), tf.constant(new int[] {0, 2, 1, 3})));
    CASES.put(
        "reshape",
        (tf, w, x) -> tf.reshape(tf.math.square(x), tf.constant(new int[] {-1, 4, 16, 9})));
    CASES.put(
        "squeeze",
        (tf, w, x) ->
            tf.squeeze(
                tf.expandDims(tf.math.square(x), tf.constant(1)),
                org.tensorflow.op.core.Squeeze.axis(List.of(1L))));
    CASES.put(
        "tile", (tf, w, x) -> tf.tile(tf.math.square(x), tf.constant(new int[] {1, 2, 1, 1})));
    CASES.put(
        "broadcast",
        (tf, w, x) ->
            tf.math.mul(
                x,
                tf.broadcastTo(
                    tf.math.mean(x, tf.constant(new int[] {1}), Mean.keepDims(true)),
                    tf.shape(x))));
    CASES.put(
        "space_to_depth",
        (tf, w, x) -> tf.nn.depthToSpace(tf.math.square(tf.nn.spaceToDepth(x, 2L)), 2L));
    CASES.put(
        "space_to_batch",
        (tf, w, x) ->
            tf.batchToSpaceNd(
                tf.math.square(tf.spaceToBatchNd(x, tf.constant(new int[] {2, 2}), zeros(tf))),
                tf.constant(new int[] {2, 2}),
                zeros(tf)));
    CASES.put("reverse", (tf, w, x) -> tf.reverse(tf.math.square(x), tf.constant(new int[] {2})));
    CASES.put(
        "arithmetic",
        (tf, w, x) ->
            tf.math.sub(
                tf.math.mul(x, tf.math.add(x, w.of(1, 8, 1))),
                tf.math.div(x, tf.math.add(tf.math.square(x), tf.constant(2f)))));
    CASES.put(
        "maximum",
        (tf, w, x) ->
            tf.math.add(tf.math.maximum(x, w.of(1, 8, 9)), tf.math.minimum(x, tf.constant(.2f))));
    CASES.put(
        "differences",
        (tf, w, x) ->
            tf.math.squaredDifference(
                x, tf.math.mean(x, tf.constant(new int[] {1, 2}), Mean.keepDims(true))));
    CASES.put(
        "pow",
        (tf, w, x) ->
            tf.math.pow(tf.math.add(tf.math.abs(x), tf.constant(.1f)), tf.constant(1.7f)));
    CASES.put("add_n", (tf, w, x) -> tf.math.addN(List.of(x, tf.math.square(x), tf.math.neg(x))));
    CASES.put(
        "relus",
        (tf, w, x) ->
            tf.math.addN(
                List.of(
                    tf.nn.relu6(tf.math.mul(x, tf.constant(8f))),
                    tf.nn.elu(x),
                    tf.nn.selu(x),
                    tf.nn.leakyRelu(x, LeakyRelu.alpha(.3f)))));
    CASES.put(
        "sigmoids",
        (tf, w, x) ->
            tf.math.addN(
                List.of(
                    tf.math.sigmoid(x), tf.math.tanh(x), tf.math.softplus(x), tf.nn.softsign(x))));
    CASES.put("swish", (tf, w, x) -> tf.math.mul(x, tf.math.sigmoid(x)));
    CASES.put(
        "hard_swish",
        (tf, w, x) ->
            tf.math.mul(
                x, tf.math.mul(tf.nn.relu6(tf.math.add(x, tf.constant(3f))), tf.constant(1 / 6f))));
    CASES.put("mish", (tf, w, x) -> tf.math.mul(x, tf.math.tanh(tf.math.softplus(x))));
    CASES.put("softmax", (tf, w, x) -> tf.nn.softmax(x));
    CASES.put(
        "exponentials",
        (tf, w, x) ->
            tf.math.log(
                tf.math.add(
                    tf.math.exp(x), tf.math.sqrt(tf.math.add(tf.math.abs(x), tf.constant(1f))))));
    CASES.put(
        "roots",
        (tf, w, x) ->
            tf.math.mul(x, tf.math.rsqrt(tf.math.add(tf.math.square(x), tf.constant(.1f)))));
    CASES.put("gelu", (tf, w, x) -> tf.math.mul(x, tf.math.add(tf.math.erf(x), tf.constant(1f))));
    CASES.put("gelu_of_erfc", (tf, w, x) -> tf.math.mul(x, tf.math.erfc(tf.math.neg(x))));
    CASES.put("clip", (tf, w, x) -> tf.clipByValue(x, tf.constant(-.3f), tf.constant(.4f)));
    CASES.put(
        "reductions",
        (tf, w, x) ->
            tf.math.add(
                tf.math.mul(
                    x,
                    tf.max(
                        x,
                        tf.constant(new int[] {1, 2}),
                        org.tensorflow.op.core.Max.keepDims(true))),
                tf.sum(x, tf.constant(new int[] {3}), org.tensorflow.op.core.Sum.keepDims(true))));
    CASES.put(
        "select",
        (tf, w, x) -> tf.select(tf.math.greater(x, tf.constant(0f)), tf.math.square(x), x));
    CASES.put(
        "mat_mul",
        (tf, w, x) ->
            tf.reshape(
                tf.linalg.matMul(
                    tf.reshape(x, tf.constant(new int[] {-1, 9})),
                    w.of(.3, 9, 9),
                    MatMul.transposeB(true)),
                tf.constant(new int[] {-1, 8, 8, 9})));
    CASES.put(
        "batch_mat_mul",
        (tf, w, x) -> tf.train.batchMatMul(tf.nn.softmax(x), w.of(.3, 1, 1, 9, 9), TFloat32.class));
    CASES.put("attention", GradientCases::attention);
    CASES.put(
        "einsum", (tf, w, x) -> tf.linalg.einsum(List.of(x, w.of(.3, 9, 3, 3)), "nhwc,cde->nhwde"));
    CASES.put("layer_norm", GradientCases::layerNorm);
    CASES.put(
        "resize",
        (tf, w, x) ->
            tf.image.resizeBilinear(
                x, tf.constant(new int[] {13, 5}), ResizeBilinear.halfPixelCenters(true)));
    CASES.put(
        "resize_nearest",
        (tf, w, x) -> tf.image.resizeNearestNeighbor(x, tf.constant(new int[] {16, 16})));
    CASES.put("normalized", (tf, w, x) -> w.normalized(tf.nn.relu(x), 9));
    CASES.put(
        "per_channel",
        (tf, w, x) -> tf.math.sub(tf.math.mul(tf.nn.relu(x), w.of(1, 1, 1, 1, 9)), w.of(1, 9)));
    CASES.put("check_numerics", (tf, w, x) -> tf.debugging.checkNumerics(x, "x"));
    CASES.put("ensure_shape", (tf, w, x) -> tf.ensureShape(x, Shape.of(-1, 8, 8, 9)));
    CASES.put(
        "identity_n",
        (tf, w, x) -> {
          List<Operand<?>> both = List.of(x, tf.math.square(x));
          return tf.identityN(both).output().get(1).expect(TFloat32.class);
        });
    CASES.put("prevent_gradient", (tf, w, x) -> tf.snapshot(x));
    CASES.put(
        "default",
        (tf, w, x) -> tf.math.mul(x, tf.placeholderWithDefault(tf.constant(2f), Shape.scalar())));
    // The old ops, as which the new ones are written.
    for (String op :
        List.of("FusedBatchNorm", "FusedBatchNormV2", "BatchNormWithGlobalNormalization")) {
      CASES.put("old_" + op, CASES.get("normalized"));
    }
    CASES.put("old_Concat", CASES.get("concat"));
    CASES.put("old_BiasAddV1", (tf, w, x) -> tf.nn.biasAdd(tf.nn.relu(x), w.of(1, 9)));
  }

  private static Operand<org.tensorflow.types.TInt32> paddings(Ops tf) {
    return tf.constant(new int[][] {{0, 0}, {1, 2}, {0, 3}, {0, 0}});
  }

  private static Operand<org.tensorflow.types.TInt32> zeros(Ops tf) {
    return tf.constant(new int[][] {{0, 0}, {0, 0}});
  }

  private static Operand<TFloat32> attention(Ops tf, Weights w, Operand<TFloat32> x) {
    Operand<TFloat32> tokens = tf.reshape(x, tf.constant(new int[] {-1, 64, 9}));
    Operand<TFloat32> query = tf.linalg.einsum(List.of(tokens, w.of(.5, 9, 2, 4)), "abc,cde->abde");
    Operand<TFloat32> key = tf.linalg.einsum(List.of(tokens, w.of(.5, 9, 2, 4)), "abc,cde->abde");
    Operand<TFloat32> scores =
        tf.nn.softmax(tf.linalg.einsum(List.of(key, query), "aecd,abcd->acbe"));
    Operand<TFloat32> mixed = tf.linalg.einsum(List.of(scores, query), "acbe,aecd->abcd");
    return tf.reshape(
        tf.linalg.einsum(List.of(mixed, w.of(.5, 2, 4, 9)), "abcd,cde->abe"),
        tf.constant(new int[] {-1, 8, 8, 9}));
  }

  private static Operand<TFloat32> layerNorm(Ops tf, Weights w, Operand<TFloat32> x) {
    Operand<TFloat32> mean = tf.math.mean(x, tf.constant(new int[] {3}), Mean.keepDims(true));
    Operand<TFloat32> variance =
        tf.math.mean(
            tf.math.squaredDifference(x, mean), tf.constant(new int[] {3}), Mean.keepDims(true));
    Operand<TFloat32> scaled =
        tf.math.mul(tf.math.sub(x, mean), tf.math.rsqrt(tf.math.add(variance, tf.constant(1e-3f))));
    return tf.math.add(tf.math.mul(scaled, w.of(1, 9)), w.of(1, 9));
  }

  static List<String> names() {
    return List.copyOf(CASES.keySet());
  }

  static Backbone backbone(String name) {
    GraphDef graph =
        Graphs.of(
            tf -> {
              Weights weights = new Weights(tf, new Random(1));
              Operand<TFloat32> x =
                  weights.conv(Graphs.images(tf, "images", 32, 32), 3, 9, 4, "SAME");
              x = CASES.get(name).add(tf, weights, x);
              tf.withName("vector").reshape(tf.math.square(x), vectorShape(tf, x));
            });
    return TestNetworks.backbone(
            name.startsWith("old_") ? old(graph, name.substring(4)) : graph,
            "images:0",
            32,
            "vector:0")
        .with(new ComputeOptions(false, Precision.FLOAT32));
  }

  private static Operand<org.tensorflow.types.TInt32> vectorShape(Ops tf, Operand<TFloat32> x) {
    int length = 1;
    for (int i = 1; i < x.shape().numDimensions(); i++) {
      length *= (int) x.shape().get(i);
    }
    return tf.constant(new int[] {-1, length});
  }

  private static GraphDef old(GraphDef graph, String op) {
    GraphDef.Builder old = graph.toBuilder();
    if (op.equals("BatchNormWithGlobalNormalization")) {
      old.getVersionsBuilder().setProducer(8);
    }
    for (NodeDef.Builder node : old.getNodeBuilderList()) {
      List<String> in = new ArrayList<>(node.getInputList());
      boolean normalization = node.getOp().equals("FusedBatchNormV3") && op.contains("BatchNorm");
      if (normalization && op.startsWith("Fused")) {
        node.setOp(op);
        if (!op.endsWith("V2")) {
          node.removeAttr("U");
        }
      } else if (normalization) {
        node.setOp(op)
            .clearInput()
            .addAllInput(List.of(in.get(0), in.get(3), in.get(4), in.get(2), in.get(1)))
            .putAttr("variance_epsilon", node.getAttrOrThrow("epsilon"))
            .putAttr("scale_after_normalization", AttrValue.newBuilder().setB(true).build());
        AttrValue type = AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();
        List.of("U", "epsilon", "is_training", "data_format", "exponential_avg_factor")
            .forEach(node::removeAttr);
        node.putAttr("T", type);
      } else if (node.getOp().equals("ConcatV2") && op.equals("Concat")) {
        node.setOp(op)
            .clearInput()
            .addInput(in.get(in.size() - 1))
            .addAllInput(in.subList(0, in.size() - 1))
            .removeAttr("Tidx");
      } else if (node.getOp().equals("BiasAdd") && op.equals("BiasAddV1")) {
        node.setOp(op).removeAttr("data_format");
      }
    }
    return old.build();
  }
}

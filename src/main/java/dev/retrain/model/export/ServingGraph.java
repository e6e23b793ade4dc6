package dev.retrain.model.export;

import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.image.decode.ServingDecoder;
import dev.retrain.model.ModelBundle;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.TensorCheck;
import dev.retrain.training.Objective;
import dev.retrain.util.TensorFlowRuntime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

/**
 * A model's graph for serving: it accepts image files and returns labels, as described by its
 * signatures.
 *
 * <p>The graph contains the model once. The model's input is a placeholder whose default is the
 * output of the image decoder, so that images can be fed instead of files.
 *
 * @param definition the graph; the model's nodes keep their names
 * @param signatures the signatures, by name
 * @param labelsFile the tensor with the name of the labels file
 */
record ServingGraph(
    GraphDef definition, Map<String, SignatureDef> signatures, TensorInfo labelsFile) {
  /** The default signature. */
  static final String DEFAULT = "serving_default";

  /** The signature for preprocessed images. */
  static final String IMAGES = "images";

  /** The former name of {@link #IMAGES} and of its input, for existing clients. */
  static final String IMAGES_ALIAS = "pictures";

  /** The signature for feature vectors. */
  static final String VECTORS = "vectors";

  /**
   * Builds the graph.
   *
   * @param model the model
   * @param labelsFile name of the labels file
   */
  static ServingGraph build(ModelBundle model, String labelsFile) {
    ModelMetadata metadata = model.metadata();
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      TensorCheck.importInto(graph, model);
      Ops tf = Ops.create(graph).withSubScope(freeScope(model.graph()));
      TensorInfo file = info(tf.withName("labels_file").constant(labelsFile));
      Map<String, TensorInfo> outputs =
          outputs(tf, TensorNames.operand(graph, metadata.output().tensor()), metadata);
      List<String> needed =
          new ArrayList<>(outputs.values().stream().map(TensorInfo::getName).toList());
      needed.add(file.getName());
      String input = metadata.input().tensor();
      if (!(metadata.input() instanceof ImageInput imageInput)) {
        SignatureDef vectors = signature(VECTORS, TensorNames.operand(graph, input), outputs);
        return new ServingGraph(
            GraphPruner.keep(graph.toGraphDef(), needed),
            Map.of(DEFAULT, vectors, VECTORS, vectors),
            file);
      }
      Operand<TString> files =
          tf.withName("image_bytes").placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
      Operand<TFloat32> images =
          tf.withName("images")
              .placeholderWithDefault(
                  ServingDecoder.decode(tf, files, imageInput.preprocessing()),
                  Shape.of(-1, imageInput.height(), imageInput.width(), 3));
      return new ServingGraph(
          GraphPruner.keep(rewired(graph.toGraphDef(), input, info(images).getName()), needed),
          Map.of(
              DEFAULT, signature("image_bytes", files, outputs),
              IMAGES, signature(IMAGES, images, outputs),
              IMAGES_ALIAS, signature(IMAGES_ALIAS, images, outputs)),
          file);
    }
  }

  /** A scope that contains none of the model's nodes. */
  private static String freeScope(GraphDef graph) {
    return Stream.iterate("serving", scope -> scope + "_")
        .filter(
            scope ->
                graph.getNodeList().stream()
                    .noneMatch(node -> (node.getName() + "/").startsWith(scope + "/")))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, TensorInfo> outputs(
      Ops tf, Operand<TFloat32> probabilities, ModelMetadata metadata) {
    List<String> labels = metadata.labels();
    Operand<TString> classes =
        tf.withName("classes").constant(StandardCharsets.UTF_8, labels.toArray(String[]::new));
    if (metadata.objective() == Objective.MULTI_LABEL) {
      Operand<TFloat32> thresholds =
          tf.withName("thresholds").constant(floats(metadata.output().thresholds()));
      return Map.of(
          "predicted", info(tf.withName("predicted").math.greaterEqual(probabilities, thresholds)),
          "labels", labels(tf, classes, tf.shape.size(probabilities, tf.constant(0), TInt32.class)),
          "probabilities", info(probabilities));
    }
    Operand<TInt32> best =
        tf.withName("best").math.argMax(probabilities, tf.constant(1), TInt32.class);
    Operand<TInt32> count = tf.shape.size(probabilities, tf.constant(0), TInt32.class);
    return Map.of(
        "label", info(tf.withName("label").gather(classes, best, tf.constant(0))),
        "labels", labels(tf, classes, count),
        "probabilities", info(probabilities));
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  /** A row per image, as in TensorFlow's estimators: servers split results by rows. */
  private static TensorInfo labels(Ops tf, Operand<TString> classes, Operand<TInt32> count) {
    return info(
        tf.withName("labels")
            .tile(
                tf.expandDims(classes, tf.constant(0)),
                tf.concat(List.of(count, tf.constant(new int[] {1})), tf.constant(0))));
  }

  private static SignatureDef signature(
      String name, Operand<?> input, Map<String, TensorInfo> outputs) {
    return SignatureDef.newBuilder()
        .setMethodName("tensorflow/serving/predict")
        .putInputs(name, info(input))
        .putAllOutputs(outputs)
        .build();
  }

  private static TensorInfo info(Operand<?> operand) {
    Output<?> output = operand.asOutput();
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : output.shape().asArray()) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorInfo.newBuilder()
        .setName(output.op().name() + ":" + output.index())
        .setDtype(output.dataType())
        .setTensorShape(shape)
        .build();
  }

  /** The graph with one tensor replaced by another in all inputs. */
  private static GraphDef rewired(GraphDef graph, String from, String to) {
    GraphDef.Builder rewired = graph.toBuilder();
    for (NodeDef.Builder node : rewired.getNodeBuilderList()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        if (reference(node.getInput(i)).equals(reference(from))) {
          node.setInput(i, reference(to));
        }
      }
    }
    return rewired.build();
  }

  /** A tensor as in the inputs of nodes: without the index 0. */
  private static String reference(String tensor) {
    return tensor.endsWith(":0") ? tensor.substring(0, tensor.length() - 2) : tensor;
  }
}

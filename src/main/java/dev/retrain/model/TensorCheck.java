package dev.retrain.model;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.util.ErrorText;
import dev.retrain.util.RetrainException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Graph;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;

/**
 * Imports a model's graph and checks the tensors and sizes in its metadata against it. Sizes that
 * TensorFlow can't infer are not checked.
 */
public final class TensorCheck {
  private static final String REMEDY = "Restore the model's files or train it again.";

  private final ModelBundle model;
  private final Graph graph;

  private TensorCheck(ModelBundle model, Graph graph) {
    this.model = model;
    this.graph = graph;
  }

  /**
   * Imports the model's graph into an empty graph, and checks it.
   *
   * @throws RetrainException if TensorFlow can't import the graph, or the metadata doesn't match
   */
  public static void importInto(Graph graph, ModelBundle model) {
    try {
      graph.importGraphDef(model.graph());
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      throw new RetrainException(
          e,
          "%s is not a graph that TensorFlow can load: %s. %s",
          model.file(),
          ErrorText.firstLine(e),
          REMEDY);
    }
    new TensorCheck(model, graph).checkAll();
  }

  /** The exception for a field of the metadata. */
  static RetrainException mismatch(ModelBundle model, String field, String problem) {
    Path metadata = ModelFiles.metadataOf(model.file());
    return Files.isRegularFile(metadata)
        ? new RetrainException(
            "%s: '%s' doesn't match the graph: %s. %s", metadata, field, problem, REMEDY)
        : new RetrainException(
            "%s: what was inferred or set as '%s' doesn't match the graph: %s.",
            model.file(), field, problem);
  }

  private void checkAll() {
    ModelMetadata metadata = model.metadata();
    if (metadata.input() instanceof ImageInput input) {
      Shape shape = shape("input.tensor", input.tensor());
      size("input.tensor", input.tensor(), shape, 4, 3, 3);
      size("input.height", input.tensor(), shape, 4, 1, input.height());
      size("input.width", input.tensor(), shape, 4, 2, input.width());
    } else if (metadata.input() instanceof VectorInput input) {
      Shape shape = shape("input.tensor", input.tensor());
      size("input.length", input.tensor(), shape, 2, 1, input.length());
    }
    String output = metadata.output().tensor();
    Shape probabilities = shape("output.tensor", output);
    size("labels", output, probabilities, 2, 1, metadata.labels().size());
    if (metadata.backbone() != null && metadata.input() instanceof ImageInput) {
      checkBackbone(metadata.backbone());
    }
  }

  private void checkBackbone(BackboneOrigin backbone) {
    List<String> features = FeatureTensor.tensors(backbone.bottlenecks());
    for (int i = 0; i < features.size(); i++) {
      floating("backbone.bottlenecks[" + i + "]", features.get(i));
    }
    String vector = backbone.vectorTensor();
    Shape shape = shape("backbone.vector_tensor", vector);
    size("backbone.vector_length", vector, shape, 2, 1, backbone.vectorLength());
  }

  /** The backbone converts other floating-point types to float32. */
  private void floating(String field, String tensor) {
    try {
      TensorNames.floating(graph, tensor);
    } catch (IllegalArgumentException e) {
      throw mismatch(model, field, ErrorText.firstLine(e));
    }
  }

  private Shape shape(String field, String tensor) {
    try {
      return TensorNames.operand(graph, tensor).asOutput().shape();
    } catch (IllegalArgumentException e) {
      throw mismatch(model, field, ErrorText.firstLine(e));
    }
  }

  private void size(String field, String tensor, Shape shape, int rank, int axis, long expected) {
    if (shape.isUnknown()) {
      return;
    }
    if (shape.numDimensions() != rank) {
      throw mismatch(
          model,
          field,
          String.format(Locale.ROOT, "tensor %s has shape %s, not rank %d", tensor, shape, rank));
    }
    if (shape.get(axis) != Shape.UNKNOWN_SIZE && shape.get(axis) != expected) {
      throw mismatch(
          model,
          field,
          String.format(
              Locale.ROOT,
              "tensor %s has shape %s, but dimension %d must be %,d",
              tensor,
              shape,
              axis,
              expected));
    }
  }
}

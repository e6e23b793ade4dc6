package dev.retrain.model;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.backbone.graph.DeterministicProto;
import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.Output;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.training.Objective;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a model: frozen graph, labels, metadata. */
public final class ModelWriter {
  private ModelWriter() {}

  /**
   * Checks that the backbone has no node with the name of the output, before any work.
   *
   * @param backbone the backbone; every name is free if there is none
   * @param outputName name of the output node
   * @throws RetrainException if the name is taken
   */
  public static void checkOutputName(Optional<Backbone> backbone, String outputName) {
    backbone.ifPresent(
        present -> {
          try (BackboneGraph network = new BackboneGraph(present)) {
            RetrainedGraph.checkNameIsFree(network, present, outputName);
          }
        });
  }

  /**
   * Writes the files, each of them atomically. The metadata is written last and contains the
   * graph's checksum, so that an incomplete model is detected.
   *
   * @param files where the model is written
   * @param model the model
   * @return the metadata
   * @throws RetrainException if the backbone has a node with the name of the output
   * @throws IOException if a file can't be written
   */
  public static ModelMetadata write(ModelFiles files, TrainedModel model) throws IOException {
    RetrainedGraph graph =
        model
            .backbone()
            .map(network -> RetrainedGraph.build(network, model.head(), model.outputName()))
            .orElseGet(() -> RetrainedGraph.build(model.head(), model.outputName()));
    byte[] bytes = DeterministicProto.serialize(graph.definition());
    ModelMetadata metadata = metadata(model, graph, Sha256.sha256(bytes));
    AtomicFile.writeAll(
        List.of(
            Map.entry(files.graph(), bytes),
            Map.entry(files.labels(), metadata.labelLines().getBytes(StandardCharsets.UTF_8)),
            Map.entry(
                files.metadata(),
                Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(metadata))));
    return metadata;
  }

  private static ModelMetadata metadata(TrainedModel model, RetrainedGraph graph, String sha256) {
    int length = model.head().inputs();
    Optional<ImageInput> images = model.backbone().map(network -> imageInput(network));
    boolean multiLabel = model.head().objective() == Objective.MULTI_LABEL;
    return new ModelMetadata(
        multiLabel
            ? ModelMetadata.EXTENDED_FORMAT
            : images.map(ModelWriter::format).orElse(ModelMetadata.FORMAT),
        sha256,
        images.isPresent() ? images.get() : new VectorInput(RetrainedGraph.VECTORS, length),
        new Output(graph.output(), multiLabel, model.thresholds()),
        model.labels(),
        model.backbone().map(network -> origin(network, graph.vector(), length)).orElse(null),
        model.data(),
        model.options(),
        model.training().orElse(null),
        model.metrics(),
        model.versions());
  }

  static ImageInput imageInput(Backbone backbone) {
    Preprocessing p = backbone.preprocessing();
    Normalization normalization = p.normalization();
    return new ImageInput(
        backbone.input(),
        p.height(),
        p.width(),
        normalization.mean(),
        normalization.std(),
        p.jpegScale(),
        normalization.channels() == ChannelOrder.RGB ? null : normalization.channels().toString(),
        p.resize() == ResizeMode.STRETCH ? null : p.resize().toString());
  }

  /** The lowest format whose readers prepare images in this way. */
  private static int format(ImageInput input) {
    return input.mean().size() > 1
            || input.std().size() > 1
            || input.channels() != null
            || input.resize() != null
        ? ModelMetadata.EXTENDED_FORMAT
        : ModelMetadata.FORMAT;
  }

  private static BackboneOrigin origin(Backbone backbone, String vector, int vectorLength) {
    return new BackboneOrigin(
        backbone.name(),
        backbone.graphSha256(),
        backbone.bottlenecks(),
        vector,
        vectorLength,
        backbone.computation().toString(),
        backbone.mirrored(),
        backbone.inferred());
  }
}

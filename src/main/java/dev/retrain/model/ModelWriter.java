package dev.retrain.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.image.Preprocessing;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.DataOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.Input;
import dev.retrain.model.ModelMetadata.Metrics;
import dev.retrain.model.ModelMetadata.Output;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.training.Head;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Writes a model: frozen graph, labels, description. */
public final class ModelWriter {
  private ModelWriter() {}

  /**
   * What a model is made of.
   *
   * @param backbone the network; absent where the model takes vectors
   * @param head the new layers
   * @param labels the classes, in the order of the head's outputs
   * @param outputName name of the output node
   * @param data what the head was trained on
   * @param options the options in force
   * @param metrics how the head did
   * @param versions what made it
   */
  public record Parts(
      Optional<Backbone> backbone,
      Head head,
      List<String> labels,
      String outputName,
      DataOrigin data,
      JsonNode options,
      Metrics metrics,
      Versions versions) {
    /** Copies the list. */
    public Parts {
      labels = List.copyOf(labels);
    }
  }

  /**
   * Checks that a network leaves a name free for the output, before any work.
   *
   * @param backbone the network; where there is none, every name is free
   * @param outputName name of the output node
   * @throws RetrainException where it is taken
   */
  public static void checkOutputName(Optional<Backbone> backbone, String outputName) {
    backbone.ifPresent(
        present -> {
          try (BackboneGraph network = new BackboneGraph(present)) {
            RetrainedGraph.checkFree(network, present, outputName);
          }
        });
  }

  /**
   * Writes the files, each whole or not at all, the description last: it names the graph's
   * checksum, so a model whose writing was cut short is told.
   *
   * @param files where
   * @param parts what
   * @return the description
   * @throws RetrainException where the output's name is taken
   * @throws IOException where a file can't be written
   */
  public static ModelMetadata write(ModelFiles files, Parts parts) throws IOException {
    RetrainedGraph graph =
        parts
            .backbone()
            .map(network -> RetrainedGraph.build(network, parts.head(), parts.outputName()))
            .orElseGet(() -> RetrainedGraph.build(parts.head(), parts.outputName()));
    byte[] bytes = DeterministicProto.serialize(graph.definition());
    int length = parts.head().inputs();
    ModelMetadata description =
        new ModelMetadata(
            ModelMetadata.FORMAT,
            Sha256.sha256(bytes),
            parts
                .backbone()
                .map(ModelWriter::images)
                .orElseGet(() -> new VectorInput(RetrainedGraph.VECTORS, length)),
            new Output(graph.output()),
            parts.labels(),
            parts.backbone().map(network -> origin(network, graph.vector(), length)).orElse(null),
            parts.data(),
            parts.options(),
            parts.metrics(),
            parts.versions());
    AtomicFile.write(files.graph(), bytes);
    AtomicFile.write(files.labels(), description.labelLines().getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(
        files.description(),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(description));
    return description;
  }

  private static Input images(Backbone backbone) {
    Preprocessing p = backbone.preprocessing();
    return new ImageInput(
        backbone.input(), p.height(), p.width(), p.mean(), p.std(), p.jpegScale());
  }

  private static BackboneOrigin origin(Backbone backbone, String vector, int vectorLength) {
    return new BackboneOrigin(
        backbone.name(),
        backbone.graphSha256(),
        backbone.bottlenecks(),
        vector,
        vectorLength,
        backbone.computation().toString(),
        backbone.mirrored());
  }
}

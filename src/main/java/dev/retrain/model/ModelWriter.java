package dev.retrain.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.Preprocessing;
import dev.retrain.fetch.Checksum;
import dev.retrain.model.ModelDescription.BackboneOrigin;
import dev.retrain.model.ModelDescription.DataOrigin;
import dev.retrain.model.ModelDescription.Input;
import dev.retrain.model.ModelDescription.Metrics;
import dev.retrain.model.ModelDescription.Output;
import dev.retrain.model.ModelDescription.Versions;
import dev.retrain.training.SoftmaxLayer;
import dev.retrain.work.AtomicFile;
import dev.retrain.work.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a model: frozen graph, labels, description. */
public final class ModelWriter {
  private ModelWriter() {}

  /**
   * What a model is made of.
   *
   * @param backbone the network
   * @param layer the new layer
   * @param labels the classes, in the order of the layer's outputs
   * @param outputName name of the output node
   * @param data the pictures
   * @param options the options in force
   * @param metrics how the layer did
   * @param versions what made it
   */
  public record Parts(
      Backbone backbone,
      SoftmaxLayer layer,
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
   * Writes the files, each whole or not at all, the description last: it names the graph's
   * checksum, so a model whose writing was cut short is told.
   *
   * @param files where
   * @param parts what
   * @return the description
   * @throws Failure where the output's name is taken
   * @throws IOException where a file can't be written
   */
  public static ModelDescription write(ModelFiles files, Parts parts) throws IOException {
    RetrainedGraph graph = RetrainedGraph.of(parts.backbone(), parts.layer(), parts.outputName());
    byte[] bytes = graph.definition().toByteArray();
    Preprocessing p = parts.backbone().preprocessing();
    ModelDescription description =
        new ModelDescription(
            ModelDescription.FORMAT,
            Checksum.sha256(bytes),
            new Input(parts.backbone().input(), p.height(), p.width(), p.mean(), p.std()),
            new Output(graph.output()),
            parts.labels(),
            new BackboneOrigin(
                parts.backbone().name(),
                parts.backbone().graphSha256(),
                parts.backbone().bottlenecks(),
                parts.layer().inputs()),
            parts.data(),
            parts.options(),
            parts.metrics(),
            parts.versions());
    String labels = String.join("\n", parts.labels()) + "\n";
    AtomicFile.write(files.labels(), labels.getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(files.graph(), bytes);
    AtomicFile.write(
        files.description(),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(description));
    return description;
  }
}

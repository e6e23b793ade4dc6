package dev.retrain.model;

import dev.retrain.backbone.Backbone;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.Metrics;
import dev.retrain.model.ModelMetadata.Output;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.model.legacy.LegacyModel;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The metadata of a model that another program trained, as far as its graph determines it. */
public final class LegacyMetadata {
  private static final String UNKNOWN = "unknown";

  private LegacyMetadata() {}

  static ModelMetadata create(LegacyModel model) {
    Backbone backbone = model.backbone();
    return new ModelMetadata(
        ModelMetadata.FORMAT,
        backbone.graphSha256(),
        ModelWriter.imageInput(backbone),
        new Output(model.output()),
        model.labels(),
        new BackboneOrigin(
            Path.of(backbone.name()).getFileName().toString(),
            backbone.graphSha256(),
            backbone.bottlenecks(),
            model.vector(),
            model.vectorLength(),
            backbone.computation().toString(),
            false,
            backbone.inferred()),
        DataOrigin.unknown(),
        Json.mapper().createObjectNode(),
        null,
        new Metrics(Double.NaN, 0, Double.NaN, Double.NaN, 0, 0, null),
        new Versions(UNKNOWN, UNKNOWN, UNKNOWN));
  }

  /**
   * Writes the metadata beside the graph, so that nothing needs to be inferred or set again.
   *
   * @param graph the model's graph
   * @param model what was inferred
   * @return the metadata file
   * @throws RetrainException if there is metadata already
   * @throws IOException if it can't be written
   */
  public static Path write(Path graph, LegacyModel model) throws IOException {
    Path file = ModelFiles.metadataOf(graph);
    if (Files.exists(file)) {
      throw new RetrainException(
          "%s exists already. Remove it to write the inferred metadata.", file);
    }
    AtomicFile.writeAll(
        List.of(
            Map.entry(
                file,
                Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(create(model)))));
    return file;
  }
}

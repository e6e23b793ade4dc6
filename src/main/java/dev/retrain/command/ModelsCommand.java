package dev.retrain.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.BackboneRegistry;
import dev.retrain.backbone.Features;
import dev.retrain.backbone.KnownBackbone;
import dev.retrain.backbone.ModelDirectory;
import dev.retrain.fetch.PublishedFile;
import dev.retrain.fetch.Sources;
import dev.retrain.model.Json;
import dev.retrain.picture.Preprocessing;
import dev.retrain.work.Megabytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retrain models}. */
@Command(
    name = "models",
    header = "List the networks known by name, and which are at hand.",
    description =
        "%nA network that is missing is fetched by the command that needs it, or before that by"
            + " 'models fetch'.%n")
public final class ModelsCommand extends RetrainCommand {
  @Option(
      names = "--model-dir",
      paramLabel = "DIR",
      description = "Where networks are looked for. Default: ${DEFAULT-VALUE}.")
  private Path modelDir = Path.of("tmp/imagenet");

  private final Sources sources;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public ModelsCommand(Interruption interruption, Sources sources) {
    super(interruption);
    this.sources = sources;
  }

  /** A line of the list. */
  private record Row(
      KnownBackbone known, Optional<PublishedFile> archive, boolean present, boolean isDefault) {
    int vectorLength(Features features) {
      return known.layers(features).vectorLength();
    }
  }

  @Override
  ExitCode run() throws IOException {
    ModelDirectory directory = new ModelDirectory(modelDir, sources);
    List<Row> rows = new ArrayList<>();
    for (KnownBackbone known : BackboneRegistry.list()) {
      rows.add(
          new Row(
              known,
              known.published().isEmpty() ? Optional.empty() : Optional.of(directory.source(known)),
              directory.has(known),
              known.name().equals(BackboneRegistry.DEFAULT)));
    }
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode().put("model_dir", modelDir.toString());
      ArrayNode models = node.putArray("models");
      rows.forEach(row -> add(models.addObject(), row));
      printJson(node);
    } else {
      print(rows);
    }
    return ExitCode.OK;
  }

  private static void add(ObjectNode model, Row row) {
    model.put("name", row.known().name());
    model.put("description", row.known().description());
    model.put("default", row.isDefault());
    model.put("height", row.known().preprocessing().height());
    model.put("width", row.known().preprocessing().width());
    model.put("vector_length_last", row.vectorLength(Features.LAST));
    model.put("vector_length_multi", row.vectorLength(Features.MULTI));
    model.put("vector_length_grid", row.vectorLength(Features.GRID));
    model.put("archive", row.archive().map(PublishedFile::name).orElse(null));
    model.put("archive_url", row.archive().map(file -> file.uri().toString()).orElse(null));
    model.put("archive_bytes", row.archive().flatMap(ModelsCommand::bytes).orElse(null));
    model.put("archive_sha256", row.archive().flatMap(PublishedFile::sha256).orElse(null));
    model.put("present", row.present());
  }

  private static Optional<Long> bytes(PublishedFile archive) {
    return archive.bytes().isPresent()
        ? Optional.of(archive.bytes().getAsLong())
        : Optional.empty();
  }

  private void print(List<Row> rows) {
    line(
        "  %-22s  %9s  %6s  %6s  %6s  %8s  %s",
        "network", "pictures", "last", "multi", "grid", "archive", "at hand");
    for (Row row : rows) {
      Preprocessing size = row.known().preprocessing();
      line(
          "%s %-22s  %9s  %,6d  %,6d  %,6d  %8s  %s",
          row.isDefault() ? "*" : " ",
          row.known().name(),
          size.height() + " x " + size.width(),
          row.vectorLength(Features.LAST),
          row.vectorLength(Features.MULTI),
          row.vectorLength(Features.GRID),
          row.archive().map(ModelsCommand::size).orElse("none"),
          row.present() ? "yes" : "no");
    }
    line(
        "last, multi and grid are the lengths of the vectors that --features gives; * is the default.");
    line("Networks are looked for in %s; 'retrain models fetch NAME' puts one there.", modelDir);
    out().flush();
  }

  private static String size(PublishedFile archive) {
    return bytes(archive).map(Megabytes::of).orElse("unknown");
  }
}

package dev.retrain.cli.command.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.Json;
import dev.retrain.util.io.ByteSize;
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
    header = "List the known backbones and whether they are available locally.",
    description =
        "%nA missing backbone is downloaded by the command that needs it, or in advance by 'models"
            + " fetch'.%n")
public final class ModelsCommand extends RetrainCommand {
  @Option(
      names = "--model-dir",
      paramLabel = "DIR",
      description = "The directory of the backbones. Default: ${DEFAULT-VALUE}.")
  private Path modelDir = Path.of("tmp/imagenet");

  private final DownloadSources sources;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  public ModelsCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  private record Row(
      BackboneSpec known, Optional<RemoteFile> archive, boolean present, boolean isDefault) {
    int vectorLength(FeatureSet features) {
      return known.layers(features).vectorLength();
    }
  }

  @Override
  protected ExitCode run() throws IOException {
    BackboneStore directory = new BackboneStore(modelDir, sources);
    List<Row> rows = new ArrayList<>();
    for (BackboneSpec known : BackboneRegistry.list()) {
      rows.add(
          new Row(
              known,
              known.published().isEmpty() ? Optional.empty() : Optional.of(directory.source(known)),
              directory.isAvailable(known),
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
    model.put("vector_length_last", row.vectorLength(FeatureSet.LAST));
    model.put("vector_length_multi", row.vectorLength(FeatureSet.MULTI));
    model.put("vector_length_grid", row.vectorLength(FeatureSet.GRID));
    model.put("archive", row.archive().map(RemoteFile::name).orElse(null));
    model.put("archive_url", row.archive().map(file -> file.uri().toString()).orElse(null));
    model.put("archive_bytes", row.archive().flatMap(ModelsCommand::bytes).orElse(null));
    model.put("archive_sha256", row.archive().flatMap(RemoteFile::sha256).orElse(null));
    model.put("present", row.present());
  }

  private static Optional<Long> bytes(RemoteFile archive) {
    return archive.bytes().isPresent()
        ? Optional.of(archive.bytes().getAsLong())
        : Optional.empty();
  }

  private void print(List<Row> rows) {
    line(
        "  %-22s  %9s  %6s  %6s  %6s  %8s  %s",
        "backbone", "images", "last", "multi", "grid", "archive", "available");
    for (Row row : rows) {
      Preprocessing size = row.known().preprocessing();
      line(
          "%s %-22s  %9s  %,6d  %,6d  %,6d  %8s  %s",
          row.isDefault() ? "*" : " ",
          row.known().name(),
          size.height() + " x " + size.width(),
          row.vectorLength(FeatureSet.LAST),
          row.vectorLength(FeatureSet.MULTI),
          row.vectorLength(FeatureSet.GRID),
          row.archive().map(ModelsCommand::size).orElse("none"),
          row.present() ? "yes" : "no");
    }
    line("*: the default. last, multi, grid: length of the vectors with these --features.");
    line("Directory: %s. 'retrain models fetch NAME' downloads a backbone to it.", modelDir);
    line("'retrain models describe NAME' prints what is in it.");
  }

  private static String size(RemoteFile archive) {
    return bytes(archive).map(ByteSize::format).orElse("unknown");
  }
}

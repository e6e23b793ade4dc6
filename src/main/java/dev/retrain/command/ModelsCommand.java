package dev.retrain.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.BackboneRegistry;
import dev.retrain.backbone.KnownBackbone;
import dev.retrain.backbone.ModelDirectory;
import dev.retrain.fetch.PublishedFile;
import dev.retrain.fetch.Sources;
import dev.retrain.model.Json;
import dev.retrain.work.Megabytes;
import java.io.IOException;
import java.nio.file.Path;
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

  @Override
  ExitCode run() throws IOException {
    ModelDirectory directory = new ModelDirectory(modelDir, sources);
    if (json()) {
      printJson(json(directory));
    } else {
      print(directory);
    }
    return ExitCode.OK;
  }

  private static ObjectNode json(ModelDirectory directory) throws IOException {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("model_dir", directory.path().toString());
    ArrayNode models = node.putArray("models");
    for (KnownBackbone known : BackboneRegistry.list()) {
      ObjectNode model = models.addObject();
      model.put("name", known.name());
      model.put("description", known.description());
      model.put("default", isDefault(known));
      model.put("height", known.preprocessing().height());
      model.put("width", known.preprocessing().width());
      model.put("vector_length_last", known.last().vectorLength());
      model.put("vector_length_multi", known.multi().vectorLength());
      archive(directory, known)
          .ifPresentOrElse(
              archive -> {
                model.put("archive", archive.name());
                model.put("url", archive.uri().toString());
                model.put(
                    "archive_bytes",
                    archive.bytes().isPresent() ? archive.bytes().getAsLong() : null);
              },
              () -> model.putNull("archive").putNull("url").putNull("archive_bytes"));
      model.put("present", directory.has(known));
    }
    return node;
  }

  private void print(ModelDirectory directory) throws IOException {
    line(
        "  %-22s  %9s  %6s  %6s  %8s  %s",
        "network", "pictures", "last", "multi", "archive", "at hand");
    for (KnownBackbone known : BackboneRegistry.list()) {
      line(
          "%s %-22s  %9s  %,6d  %,6d  %8s  %s",
          isDefault(known) ? "*" : " ",
          known.name(),
          known.preprocessing().height() + " x " + known.preprocessing().width(),
          known.last().vectorLength(),
          known.multi().vectorLength(),
          archive(directory, known).map(ModelsCommand::size).orElse("none"),
          directory.has(known) ? "yes" : "no");
    }
    line("last and multi are the lengths of the vectors that --features gives; * is the default.");
    line(
        "Networks are looked for in %s; 'retrain models fetch NAME' puts one there.",
        directory.path());
    out().flush();
  }

  private static boolean isDefault(KnownBackbone known) {
    return known.name().equals(BackboneRegistry.DEFAULT);
  }

  private static Optional<PublishedFile> archive(ModelDirectory directory, KnownBackbone known)
      throws IOException {
    return known.published().isEmpty() ? Optional.empty() : Optional.of(directory.source(known));
  }

  private static String size(PublishedFile archive) {
    return archive.bytes().isPresent() ? Megabytes.of(archive.bytes().getAsLong()) : "unknown";
  }
}

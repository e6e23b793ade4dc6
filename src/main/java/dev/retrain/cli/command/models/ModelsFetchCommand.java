package dev.retrain.cli.command.models;

import dev.retrain.backbone.registry.BackboneDownloader;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.BackboneCandidates;
import dev.retrain.cli.option.BackboneOptions;
import dev.retrain.cli.option.UriConverter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain models fetch}. */
@Command(
    name = "fetch",
    header = "Fetch a network, check and unpack it.",
    description =
        "%nDownloads the network's archive, or takes a copy that is here. A download that was cut"
            + " short is gone on with. Java's proxy settings hold (java -Dhttps.proxyHost=...).%n")
public final class ModelsFetchCommand extends RetrainCommand {
  @Parameters(
      paramLabel = "NAME",
      completionCandidates = BackboneCandidates.class,
      description = "The network, as 'retrain models' lists it.")
  private String name;

  @Option(
      names = "--archive",
      paramLabel = "FILE",
      description = "A copy of the network's archive to take in place of a download.")
  private Path archive;

  @Option(
      names = "--url",
      paramLabel = "ADDRESS",
      converter = UriConverter.class,
      description = "Where to download the archive from in place of its publisher.")
  private URI url;

  @Option(
      names = "--model-dir",
      paramLabel = "DIR",
      description = "Where the network goes. Default: ${DEFAULT-VALUE}.")
  private Path modelDir = Path.of("tmp/imagenet");

  private final DownloadSources sources;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public ModelsFetchCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  public ExitCode run() throws IOException {
    BackboneSpec known = BackboneOptions.named(this, "NAME", name);
    if (archive != null && url != null) {
      throw usage("--archive and --url exclude each other");
    }
    if (archive != null && !Files.isRegularFile(archive)) {
      throw usage("--archive %s is not a file".formatted(archive));
    }
    if (known.published().isEmpty()) {
      print(known, Optional.empty(), false);
      return ExitCode.OK;
    }
    BackboneStore directory = new BackboneStore(modelDir, sources);
    boolean fetched =
        new BackboneDownloader(directory)
            .fetch(known, Optional.ofNullable(archive), Optional.ofNullable(url), progress());
    print(known, directory.graph(known), fetched);
    return ExitCode.OK;
  }

  private void print(BackboneSpec known, Optional<Path> graph, boolean fetched) throws IOException {
    if (json()) {
      printJson(
          Json.mapper()
              .createObjectNode()
              .put("name", known.name())
              .put("graph", graph.map(Path::toString).orElse(null))
              .put("fetched", fetched));
      return;
    }
    out()
        .println(
            graph
                .map(
                    file ->
                        (fetched ? "%s is in %s now." : "%s is there already: %s.")
                            .formatted(known.name(), file))
                .orElse(
                    "%s is inside the tool: nothing is to be fetched.".formatted(known.name())));
    out().flush();
  }
}

package dev.retrain.cli.command.models;

import dev.retrain.backbone.registry.BackboneDownloader;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.UriConverter;
import dev.retrain.cli.option.backbone.BackboneCandidates;
import dev.retrain.cli.option.backbone.RegisteredBackbones;
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
    header = "Download, verify and unpack a backbone.",
    description =
        "%nDownloads the backbone's archive, or uses a local copy of it. An interrupted download"
            + " resumes. Java's proxy settings apply (java -Dhttps.proxyHost=...).%n")
public final class ModelsFetchCommand extends RetrainCommand {
  @Parameters(
      paramLabel = "NAME",
      completionCandidates = BackboneCandidates.class,
      description = "The backbone's name, as 'retrain models' lists it.")
  private String name;

  @Option(
      names = "--archive",
      paramLabel = "FILE",
      description = "A local copy of the archive to use instead of a download.")
  private Path archive;

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = UriConverter.class,
      description = "The URL to download the archive from. Default: that of its publisher.")
  private URI url;

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
  public ModelsFetchCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  protected ExitCode run() throws IOException {
    BackboneSpec known = RegisteredBackbones.require(spec(), "NAME", name);
    if (archive != null && url != null) {
      throw usage("--archive cannot be combined with --url");
    }
    if (archive != null && !Files.isRegularFile(archive)) {
      throw usage("--archive %s is not a file", archive);
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
    if (graph.isEmpty()) {
      line("%s is included in the jar; there is nothing to download.", known.name());
    } else if (fetched) {
      line("%s is now in %s.", known.name(), graph.get());
    } else {
      line("%s is already in %s.", known.name(), graph.get());
    }
  }
}

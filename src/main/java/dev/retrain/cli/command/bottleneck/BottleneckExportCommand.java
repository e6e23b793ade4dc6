package dev.retrain.cli.command.bottleneck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.text.TextExport;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.BackboneOptions;
import dev.retrain.cli.option.TextFileOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain bottleneck export}. */
@Command(
    name = "export",
    header = "Write cached vectors as the bottleneck files of retrain.py.",
    description =
        "%nWrites DIR/<class>/<image>_<architecture>.txt for every image below --image-dir that"
            + " has a vector in the cache, and for those that were imported without images. The"
            + " numbers are the shortest decimals that read back as the same float32, spelled as"
            + " NumPy does.%n")
public final class BottleneckExportCommand extends RetrainCommand {
  @Parameters(paramLabel = "DIR", description = "Where the class folders go.")
  private Path directory;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description =
          "What ends the files' names before .txt; '' for retrain.py's oldest layout,"
              + " <image>.txt. Default: retrain.py's word for the network, such as inception_v3"
              + " or mobilenet_0.25_224.")
  private String architecture;

  @Option(
      names = {"-f", "--force"},
      description = "Write over files that hold something else.")
  private boolean force;

  @Mixin private TextFileOptions files;
  @Mixin private BackboneOptions backbone;

  private final DownloadSources sources;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public BottleneckExportCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  public ExitCode run() throws IOException {
    if (!BottleneckCache.exists(files.bottleneckDir())) {
      throw usage("--bottleneck-dir %s holds no cache".formatted(files.bottleneckDir()));
    }
    String ending = architecture == null ? backbone.architecture(this) : architecture;
    if (ending.matches(".*[/\\\\].*")) {
      throw usage("--architecture '%s' is part of a file's name: no / or \\".formatted(ending));
    }
    Optional<Path> imageDir = files.imageDir(this);
    if (imageDir.isPresent()
        && Files.exists(directory)
        && directory.toRealPath().startsWith(imageDir.get().toRealPath())) {
      throw usage("%s lies among the images; name a directory elsewhere".formatted(directory));
    }
    FeatureSpec kind = backbone.vectorKind(this, sources);
    TextExport.Result result;
    try (BottleneckCache cache = new BottleneckCache(files.bottleneckDir())) {
      result = TextExport.run(cache, kind, directory, ending, imageDir, force, progress());
    }
    print(result);
    return ExitCode.OK;
  }

  private void print(TextExport.Result result) throws IOException {
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode();
      node.put("written", result.written());
      node.put("unchanged", result.unchanged());
      node.put("without_vector", result.withoutVector());
      printJson(node);
      return;
    }
    line(
        "%,d files written in %s, %,d were there just so; %,d images have no vector.",
        result.written(), directory, result.unchanged(), result.withoutVector());
    out().flush();
  }
}

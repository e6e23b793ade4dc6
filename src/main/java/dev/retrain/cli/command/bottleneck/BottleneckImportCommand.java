package dev.retrain.cli.command.bottleneck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.bottleneck.text.TextImport;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.BackboneOptions;
import dev.retrain.cli.option.TextFileOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.cache.ImportVectorsJob;
import dev.retrain.util.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain bottleneck import}. */
@Command(
    name = "import",
    header = "Take over the bottleneck files of retrain.py.",
    description = {
      "%nReads <class>/<image>_<architecture>.txt, or <class>/<image>.txt as the oldest"
          + " retrain.py wrote, and files each vector as if it had been computed of the image"
          + " <class>/<image> below --image-dir. Nothing in these files tells whether an image"
          + " has changed since: that they have not is yours to know.",
      "Vectors whose images are not there are kept under their names, for 'export'. Vectors that"
          + " the cache has already stay as they are.",
      "retrain.py's vectors of a MobileNet are its 1,001 logits: import them with --bottleneck"
          + " MobilenetV1/Predictions/Reshape:0.%n"
    })
public final class BottleneckImportCommand extends RetrainCommand {
  @Parameters(paramLabel = "DIR", description = "retrain.py's bottleneck directory.")
  private Path directory;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description =
          "What ends the files' names before .txt, where there are several; '' for those that end"
              + " with the image's name. Default: what there is.")
  private String architecture;

  @Option(
      names = "--strict",
      description = "Fail on a file that can't be used, in place of leaving it out.")
  private boolean strict;

  @Mixin private TextFileOptions files;
  @Mixin private BackboneOptions backbone;

  private final DownloadSources sources;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public BottleneckImportCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  public ExitCode run() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw usage("DIR %s is not a directory".formatted(directory));
    }
    ImportVectorsJob job =
        new ImportVectorsJob(
            directory,
            Optional.ofNullable(architecture),
            backbone.knownArchitecture(this),
            files.imageDir(this),
            files.bottleneckDir(),
            backbone.vectorKind(this, sources),
            strict);
    print(job.run(progress()));
    return ExitCode.OK;
  }

  private void print(TextImport.Result result) throws IOException {
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode();
      node.put("imported", result.imported());
      node.put("already_there", result.alreadyThere());
      node.put("without_image", result.withoutImage());
      node.put("skipped", result.skipped().size());
      printJson(node);
      return;
    }
    line(
        "%,d vectors are new in %s, %,d were there already; %,d files left out.",
        result.imported(), files.bottleneckDir(), result.alreadyThere(), result.skipped().size());
    if (result.withoutImage() > 0) {
      line(
          "%,d of them are kept under their names: their images are not in %s.",
          result.withoutImage(),
          files.imageDir(this).map(Path::toString).orElse("any --image-dir"));
    }
    out().flush();
  }
}

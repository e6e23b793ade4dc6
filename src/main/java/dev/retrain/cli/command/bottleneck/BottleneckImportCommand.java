package dev.retrain.cli.command.bottleneck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.bottleneck.extract.FolderSample;
import dev.retrain.bottleneck.text.TextImport;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.backbone.BackboneOptions;
import dev.retrain.cli.option.data.ImageLocationOptions;
import dev.retrain.cli.option.data.TextFileOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.dataset.list.ImageLocation;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.cache.ImportVectorsJob;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain bottleneck import}. */
@Command(
    name = "import",
    header = "Import the bottleneck files of retrain.py into the cache.",
    description = {
      "%nReads <class>/<image>_<architecture>.txt, or <class>/<image>.txt as the oldest retrain.py"
          + " wrote them, and caches each vector as that of the image <class>/<image> in"
          + " --image-dir or --manifest. The files do not record whether an image has changed"
          + " since; import them only if none has.",
      "Vectors without an image are cached by name, for 'export'. Existing vectors in the cache are"
          + " not replaced.",
      "retrain.py's vectors of a MobileNet are its 1,001 logits: import them with --bottleneck"
          + " MobilenetV1/Predictions/Reshape:0.%n"
    })
public final class BottleneckImportCommand extends RetrainCommand {
  private static final Logger LOG = LoggerFactory.getLogger(BottleneckImportCommand.class);

  @Parameters(paramLabel = "DIR", description = "retrain.py's bottleneck directory.")
  private Path directory;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description =
          "The suffix of the file names before .txt, if the files have several; '' for files"
              + " without one. Default: the one that all files have.")
  private String architecture;

  @Option(names = "--strict", description = "Fail if a file can't be used, instead of skipping it.")
  private boolean strict;

  @Mixin private TextFileOptions files;
  @Mixin private ImageLocationOptions images;
  @Mixin private BackboneOptions backbone;

  private final DownloadSources sources;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  public BottleneckImportCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  protected ExitCode run() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw usage("DIR %s is not a directory", directory);
    }
    images.check();
    Optional<ImageLocation> location = images.location(files.imageDir());
    if (backbone.runsGraph(sources)) {
      loadTensorFlow();
    }
    ImportVectorsJob job =
        new ImportVectorsJob(
            directory,
            Optional.ofNullable(architecture),
            backbone.knownArchitecture(),
            location,
            files.bottleneckDir(),
            backbone.featureSpec(
                sources, FolderSample.of(location.map(ImageList::all)), progress()),
            strict,
            files.verifyContent());
    String name = job.kind().backbone().name();
    if (!backbone.isGiven()) {
      LOG.warn(
          "No backbone is given: the vectors are imported as those of {}. Name another one with"
              + " --backbone.",
          name);
    }
    print(job.run(progress()), name, location);
    return ExitCode.OK;
  }

  private void print(TextImport.Result result, String name, Optional<ImageLocation> location)
      throws IOException {
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
        "%s of %s imported into %s, %,d already existed; %s skipped.",
        Counted.of(result.imported(), "vector"),
        name,
        files.bottleneckDir(),
        result.alreadyThere(),
        Counted.of(result.skipped().size(), "file"));
    if (result.withoutImage() > 0) {
      line(
          "%,d of them are cached by name, because their images are not in %s.",
          result.withoutImage(),
          location.map(where -> where.path().toString()).orElse("any --image-dir"));
    }
  }
}

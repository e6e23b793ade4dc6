package dev.retrain.cli.command.bottleneck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.CachedBackbone;
import dev.retrain.bottleneck.extract.FolderSample;
import dev.retrain.bottleneck.text.TextExport;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.backbone.BackboneOptions;
import dev.retrain.cli.option.data.ImageListOptions;
import dev.retrain.cli.option.data.TextFileOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain bottleneck export}. */
@Command(
    name = "export",
    header = "Export cached vectors as bottleneck files of retrain.py.",
    description =
        "%nWrites DIR/<class>/<image>_<architecture>.txt for every image in --image-dir that has a"
            + " vector in the cache, and for the vectors that were imported without images. The"
            + " backbone may be omitted if the cache has vectors of only one. Numbers are the"
            + " shortest decimals that read back as the same float32, in NumPy's format.%n")
public final class BottleneckExportCommand extends RetrainCommand {
  @Parameters(paramLabel = "DIR", description = "The output directory of the class folders.")
  private Path directory;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description =
          "The suffix of the file names before .txt; '' for retrain.py's oldest layout,"
              + " <image>.txt. Default: retrain.py's name of the backbone, such as inception_v3 or"
              + " mobilenet_0.25_224.")
  private String architecture;

  @Option(
      names = {"-f", "--force"},
      description = "Overwrite files with other content.")
  private boolean force;

  @Mixin private TextFileOptions files;
  @Mixin private ImageListOptions list;
  @Mixin private BackboneOptions backbone;

  private final DownloadSources sources;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  public BottleneckExportCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  protected ExitCode run() throws IOException {
    if (!BottleneckCache.exists(files.bottleneckDir())) {
      throw usage("--bottleneck-dir %s contains no cache", files.bottleneckDir());
    }
    Optional<CachedFeatures> only = backbone.isGiven() ? Optional.empty() : onlyCached();
    String ending = ending(only);
    list.check();
    Optional<ImageList> images = list.images(files.imageDir());
    Optional<Path> imageDir = list.isManifest() ? Optional.empty() : files.imageDir();
    if (imageDir.isPresent()
        && Files.exists(directory)
        && directory.toRealPath().startsWith(imageDir.get().toRealPath())) {
      throw usage("%s is inside the image directory; name a directory elsewhere", directory);
    }
    if (only.isEmpty() && backbone.runsGraph(sources)) {
      loadTensorFlow();
    }
    FeatureSpec features =
        only.isPresent()
            ? only.get().features()
            : backbone.featureSpec(sources, FolderSample.of(images), progress());
    TextExport.Result result;
    try (BottleneckCache cache =
        new BottleneckCache(files.bottleneckDir(), files.verifyContent())) {
      result = TextExport.run(cache, features, directory, ending, images, force, progress());
    }
    print(result);
    return ExitCode.OK;
  }

  private String ending(Optional<CachedFeatures> only) {
    String ending =
        architecture != null
            ? architecture
            : only.map(CachedFeatures::architecture).orElseGet(backbone::architecture);
    if (ending.matches(".*[/\\\\].*")) {
      throw usage("--architecture '%s' is part of a file name; remove / and \\", ending);
    }
    return ending;
  }

  /** The vectors of the cache, if it has those of exactly one backbone. */
  private Optional<CachedFeatures> onlyCached() throws IOException {
    List<CachedBackbone> entries;
    try (BottleneckCache cache = new BottleneckCache(files.bottleneckDir())) {
      // retrain.py has no files for distorted variants.
      entries = cache.entries().stream().filter(entry -> !entry.distorted()).toList();
    }
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    if (entries.size() > 1) {
      throw usage(
          "%s has vectors of several backbones or feature sets (%s); choose them with --backbone,"
              + " --features and --mirror",
          files.bottleneckDir(), names(entries));
    }
    CachedBackbone entry = entries.get(0);
    Optional<CachedFeatures> found = CachedFeatures.identify(entry, backbone.store(sources));
    if (found.isEmpty()) {
      throw usage(
          "%s has vectors of %s, which is not a known backbone with its own layers; name it with"
              + " --graph and --bottleneck",
          files.bottleneckDir(), entry.name());
    }
    return found;
  }

  /** The names of backbones with their feature sets, such as {@code scattering_multi}. */
  private String names(List<CachedBackbone> entries) throws IOException {
    Set<String> names = new TreeSet<>();
    for (CachedBackbone entry : entries) {
      names.add(
          CachedFeatures.identify(entry, backbone.store(sources))
              .map(CachedFeatures::architecture)
              .orElse(entry.name()));
    }
    return String.join(", ", names);
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
        "%s written to %s, %,d already up to date; %s without a vector.",
        Counted.of(result.written(), "file"),
        directory,
        result.unchanged(),
        Counted.of(result.withoutVector(), "image"));
  }
}

package dev.retrain.cli.option.data;

import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.OptionRule.Excludes;
import dev.retrain.cli.option.rule.OptionRule.Requires;
import dev.retrain.cli.option.rule.RuledOptions;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.image.PixelLimit;
import dev.retrain.job.data.RetrainPySource;
import dev.retrain.job.evaluate.EvaluateJob;
import dev.retrain.model.legacy.ModelHints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The data that a model is evaluated on. */
public final class EvaluationDataOptions implements RuledOptions {
  private static final Set<String> IMAGES = Set.of("--image-dir", ImageLocationGroup.MANIFEST);
  private static final Set<String> VECTORS = Set.of("--vectors", "--architecture");

  private static final List<OptionRule> RULES =
      Stream.concat(
              Stream.of(
                  Requires.given("--architecture", "--vectors"),
                  Requires.given("--split-folders", "--image-dir"),
                  new Excludes(VECTORS, IMAGES),
                  new Excludes(IMAGES, VECTORS)),
              ImageLocationGroup.RULES.stream())
          .toList();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nImages:%n")
  private Group group = new Group();

  @ArgGroup(validate = false, heading = "%nImages in a list or in split folders:%n")
  private ImageLocationGroup location = new ImageLocationGroup();

  private static final class Group {
    @Option(
        names = {"-i", "--image-dir"},
        paramLabel = "DIR",
        description =
            "A directory with one folder of images per class, or a zip or tar archive of it; images"
                + " the model was trained on are excluded. Default: the directory or manifest the"
                + " model was trained on.")
    private Path imageDir;

    @Option(
        names = "--vectors",
        paramLabel = "DIR",
        description =
            "For a model that accepts vectors: retrain.py's bottleneck files. Default: the files the"
                + " model was trained on.")
    private Path vectors;

    @Option(
        names = "--architecture",
        paramLabel = "NAME",
        description =
            "With --vectors: the suffix of the file names before .txt, if the files have several.")
    private String architecture;

    @Option(
        names = "--bottleneck-dir",
        paramLabel = "DIR",
        description = "The cache directory of the vectors. Default: ${DEFAULT-VALUE}.")
    private Path bottleneckDir = Path.of("tmp/bottleneck");

    @Option(names = "--strict", description = ImageOptions.STRICT)
    private boolean strict;

    @Option(
        names = PixelLimitOption.NAME,
        paramLabel = "N",
        description = PixelLimitOption.DESCRIPTION)
    private long maxPixels = PixelLimit.DEFAULT_MAX;

    @Option(names = "--verify-content", description = ImageOptions.VERIFY_CONTENT)
    private boolean verifyContent;
  }

  @Override
  public List<OptionRule> rules() {
    return RULES;
  }

  /**
   * Checks the directories and the limit, and that no output file overwrites a file that is needed
   * or is in one of them.
   *
   * @param outputs the files that the command writes
   * @param model the model's graph
   */
  public void check(OutputFileChecks outputs, Path model) throws IOException {
    location.check(spec);
    if (group.imageDir != null) {
      ImageOptions.requireNoList(spec, group.imageDir);
      ImageOptions.requireDirectory(spec, group.imageDir);
    }
    if (group.vectors != null && !Files.isDirectory(group.vectors)) {
      throw UsageErrors.create(spec, "--vectors %s is not a directory", group.vectors);
    }
    limit();
    outputs.besideModel(model);
    if (group.imageDir != null) {
      outputs.outside(group.imageDir);
    }
    if (location.given()) {
      outputs.outside(location.location(spec, null).path());
    }
    if (group.vectors != null) {
      outputs.outside(group.vectors);
    }
  }

  private Optional<ImageList> images() {
    return group.imageDir == null && !location.given()
        ? Optional.empty()
        : Optional.of(ImageList.all(location.location(spec, group.imageDir)));
  }

  private PixelLimit limit() {
    return PixelLimitOption.create(spec, group.maxPixels);
  }

  /**
   * @param model the model's graph
   * @param partition the evaluated set; empty means all images
   * @param trustGraph whether the model's graph may run whatever its ops are
   * @param hints what the user says about a model without metadata
   */
  public EvaluateJob job(
      Path model, Optional<Partition> partition, boolean trustGraph, ModelHints hints) {
    return new EvaluateJob(
        model,
        images(),
        Optional.ofNullable(group.vectors)
            .map(
                directory ->
                    new RetrainPySource(
                        directory, Optional.ofNullable(group.architecture), group.strict)),
        group.bottleneckDir,
        partition,
        group.strict,
        group.verifyContent,
        trustGraph,
        limit(),
        hints);
  }
}

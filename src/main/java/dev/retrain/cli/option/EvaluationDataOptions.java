package dev.retrain.cli.option;

import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.config.Excluding;
import dev.retrain.dataset.Partition;
import dev.retrain.job.data.RetrainPySource;
import dev.retrain.job.evaluate.EvaluateJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a model is evaluated on. */
public final class EvaluationDataOptions implements Excluding {
  @ArgGroup(validate = false, heading = "%nImages:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = {"-i", "--image-dir"},
        paramLabel = "DIR",
        description =
            "A directory with a folder of images for each class; those the model was trained on"
                + " are left out. Default: the one the model was trained on.")
    private Path imageDir;

    @Option(
        names = "--vectors",
        paramLabel = "DIR",
        description =
            "For a model that takes vectors: retrain.py's bottleneck files. Default: those the"
                + " model was trained on.")
    private Path vectors;

    @Option(
        names = "--architecture",
        paramLabel = "NAME",
        description =
            "With --vectors: what ends the files' names before .txt, where there are several.")
    private String architecture;

    @Option(
        names = "--bottleneck-dir",
        paramLabel = "DIR",
        description = "Where vectors are cached. Default: ${DEFAULT-VALUE}.")
    private Path bottleneckDir = Path.of("tmp/bottleneck");

    @Option(
        names = "--strict",
        description = "Fail on a file that can't be read, in place of leaving it out.")
    private boolean strict;
  }

  @Override
  public Set<String> excludedBy(String option) {
    return switch (option) {
      case "--image-dir" -> Set.of("--vectors", "--architecture");
      case "--vectors", "--architecture" -> Set.of("--image-dir");
      default -> Set.of();
    };
  }

  /** Checks what can be checked before anything slow is done. */
  public void check(RetrainCommand command) {
    if (group.imageDir != null && group.vectors != null) {
      throw command.usage("--image-dir and --vectors exclude each other");
    }
    if (group.architecture != null && group.vectors == null) {
      throw command.usage("--architecture goes with --vectors only");
    }
    if (group.imageDir != null) {
      ImageOptions.checkDirectory(command, group.imageDir);
    }
    if (group.vectors != null && !Files.isDirectory(group.vectors)) {
      throw command.usage("--vectors %s is not a directory".formatted(group.vectors));
    }
  }

  /** Checks that nothing that is needed would be written over. */
  public void checkWritten(OutputFileChecks written, Path model) throws IOException {
    written.besideModel(model);
    if (group.imageDir != null) {
      written.outside(group.imageDir);
    }
    if (group.vectors != null) {
      written.outside(group.vectors);
    }
  }

  /**
   * @param model the model's graph
   * @param partition which files; absent means all
   */
  public EvaluateJob job(Path model, Optional<Partition> partition) {
    return new EvaluateJob(
        model,
        Optional.ofNullable(group.imageDir),
        Optional.ofNullable(group.vectors)
            .map(
                directory ->
                    new RetrainPySource(
                        directory, Optional.ofNullable(group.architecture), group.strict)),
        group.bottleneckDir,
        partition,
        group.strict);
  }
}

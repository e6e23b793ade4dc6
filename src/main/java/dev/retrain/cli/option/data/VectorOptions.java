package dev.retrain.cli.option.data;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.OptionRule.Requires;
import dev.retrain.job.data.RetrainPySource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Bottleneck files to train on instead of images. */
public final class VectorOptions {
  /**
   * With retrain.py's spelling, {@code --architecture} means the backbone where images are used. A
   * command reports this before conflicts with options of images, whose messages would not say so.
   */
  public static final OptionRule ARCHITECTURE_REQUIRES_VECTORS =
      Requires.givenOr("--architecture", "--vectors", "choose a backbone with --backbone");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nFeature vectors instead of images:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--vectors",
        paramLabel = "DIR",
        description =
            "Train on retrain.py's bottleneck files, without images or a backbone; the written"
                + " graph then accepts vectors as its input.")
    private Path directory;

    @Option(
        names = "--architecture",
        paramLabel = "NAME",
        description =
            "With --vectors: the suffix of the file names before .txt, if the files have several;"
                + " '' for files without one. Without --vectors: the same as --backbone.")
    private String architecture;
  }

  public boolean given() {
    return group.directory != null;
  }

  /** Checks the directory, before any slow work. */
  public void check() {
    if (!Files.isDirectory(group.directory)) {
      throw UsageErrors.create(spec, "--vectors %s is not a directory", group.directory);
    }
  }

  /**
   * @param strict whether an unreadable file is an error
   */
  public RetrainPySource source(boolean strict) {
    return new RetrainPySource(group.directory, Optional.ofNullable(group.architecture), strict);
  }
}

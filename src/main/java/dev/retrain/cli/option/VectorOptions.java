package dev.retrain.cli.option;

import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.job.data.RetrainPySource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Vectors to train on in place of images. */
public final class VectorOptions {
  @ArgGroup(validate = false, heading = "%nVectors in place of images:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--vectors",
        paramLabel = "DIR",
        description =
            "Train on retrain.py's bottleneck files alone, without images or a network; the"
                + " graph that is written then takes vectors.")
    private Path directory;

    @Option(
        names = "--architecture",
        paramLabel = "NAME",
        description =
            "With --vectors: what ends the files' names before .txt, where there are several; ''"
                + " for those that end with the image's name. Without: the same as --backbone.")
    private String architecture;
  }

  public boolean given() {
    return group.directory != null;
  }

  /** Checks the directory, before anything slow is done. */
  public void check(RetrainCommand command) {
    if (!Files.isDirectory(group.directory)) {
      throw command.usage("--vectors %s is not a directory".formatted(group.directory));
    }
  }

  /** Checks what says nothing without vectors; a command line's spelling means the network then. */
  public void checkAbsent(RetrainCommand command) {
    if (group.architecture != null) {
      throw command.usage(
          "--architecture goes with --vectors only; name the network with --backbone");
    }
  }

  public RetrainPySource source(boolean strict) {
    return new RetrainPySource(group.directory, Optional.ofNullable(group.architecture), strict);
  }
}

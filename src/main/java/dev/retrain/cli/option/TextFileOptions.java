package dev.retrain.cli.option;

import dev.retrain.cli.command.RetrainCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Between which directories retrain.py's bottleneck files and vectors go. */
public final class TextFileOptions {
  private static final Path DEFAULT_IMAGES = Path.of("data/train");

  @ArgGroup(validate = false, heading = "%nDirectories:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = {"-i", "--image-dir"},
        paramLabel = "DIR",
        description =
            "The images, a folder for each class, named as the vectors' files are. Default:"
                + " data/train, where it is there.")
    private Path imageDir;

    @Option(
        names = "--bottleneck-dir",
        paramLabel = "DIR",
        description = "Where vectors are cached. Default: ${DEFAULT-VALUE}.")
    private Path bottleneckDir = Path.of("tmp/bottleneck");
  }

  /** The images' directory, where there is one. */
  public Optional<Path> imageDir(RetrainCommand command) {
    if (group.imageDir != null && !Files.isDirectory(group.imageDir)) {
      throw command.usage("--image-dir %s is not a directory".formatted(group.imageDir));
    }
    return Optional.ofNullable(group.imageDir)
        .or(() -> Optional.of(DEFAULT_IMAGES).filter(Files::isDirectory));
  }

  public Path bottleneckDir() {
    return group.bottleneckDir;
  }
}

package dev.retrain.cli.option;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.cli.command.RetrainCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which images, and where their vectors are kept. */
public final class ImageOptions {
  @ArgGroup(validate = false, heading = "%nImages:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = {"-i", "--image-dir"},
        paramLabel = "DIR",
        description =
            "A directory with a folder of images for each class. Default:" + " ${DEFAULT-VALUE}.")
    private Path imageDir = Path.of("data/train");

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

  /** Checks the directory, before anything slow is done. */
  public void check(RetrainCommand command) {
    checkDirectory(command, group.imageDir);
  }

  public static void checkDirectory(RetrainCommand command, Path imageDir) {
    if (!Files.isDirectory(imageDir)) {
      throw command.usage(
          "--image-dir %s is not a directory; give one that holds a folder of images for each"
                  .formatted(imageDir)
              + " class");
    }
  }

  public ExtractionJob job(Backbone backbone) {
    return new ExtractionJob(group.imageDir, group.bottleneckDir, backbone, group.strict);
  }

  public boolean strict() {
    return group.strict;
  }

  public Path imageDir() {
    return group.imageDir;
  }

  public Path bottleneckDir() {
    return group.bottleneckDir;
  }
}

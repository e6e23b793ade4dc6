package dev.retrain.cli.option.data;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.dataset.archive.ImageArchive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The images and the cache that retrain.py's bottleneck files are converted from or to. */
public final class TextFileOptions {
  private static final Path DEFAULT_IMAGES = Path.of("data/train");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nDirectories:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = {"-i", "--image-dir"},
        paramLabel = "DIR",
        description =
            "The images: one folder per class, or a zip or tar archive of it, with the names that"
                + " the bottleneck files have. Default: data/train, if it exists.")
    private Path imageDir;

    @Option(
        names = "--bottleneck-dir",
        paramLabel = "DIR",
        description = "The cache directory. Default: ${DEFAULT-VALUE}.")
    private Path bottleneckDir = Path.of("tmp/bottleneck");

    @Option(
        names = "--verify-content",
        description =
            "Read every image. By default, an image whose size, modification time, change time and"
                + " inode are unchanged is not read again.")
    private boolean verifyContent;
  }

  /** The image directory, if there is one. */
  public Optional<Path> imageDir() {
    if (group.imageDir != null && !ImageArchive.isDirectory(group.imageDir)) {
      throw UsageErrors.create(spec, "--image-dir %s is not a directory", group.imageDir);
    }
    return Optional.ofNullable(group.imageDir)
        .map(ImageArchive::directory)
        .or(() -> Optional.of(DEFAULT_IMAGES).filter(Files::isDirectory));
  }

  /** Whether every image is read. */
  public boolean verifyContent() {
    return group.verifyContent;
  }

  public Path bottleneckDir() {
    return group.bottleneckDir;
  }
}

package dev.retrain.cli.option.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.bottleneck.extract.FolderSample;
import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.image.PixelLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The images, and the cache of their vectors. */
public final class ImageOptions {
  static final String STRICT = "Fail if a file can't be read, instead of skipping it.";

  static final String VERIFY_CONTENT =
      "Read every image, and check every cached vector. By default, an image whose size,"
          + " modification time, change time and inode are unchanged is not read again.";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nImages:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = {"-i", "--image-dir"},
        paramLabel = "DIR",
        description = "A directory with one folder of images per class. Default: ${DEFAULT-VALUE}.")
    private Path imageDir = Path.of("data/train");

    @Option(
        names = "--bottleneck-dir",
        paramLabel = "DIR",
        description = "The cache directory of the vectors. Default: ${DEFAULT-VALUE}.")
    private Path bottleneckDir = Path.of("tmp/bottleneck");

    @Option(names = "--strict", description = STRICT)
    private boolean strict;

    @Option(
        names = PixelLimitOption.NAME,
        paramLabel = "N",
        description = PixelLimitOption.DESCRIPTION)
    private long maxPixels = PixelLimit.DEFAULT_MAX;

    @Option(names = "--verify-content", description = VERIFY_CONTENT)
    private boolean verifyContent;
  }

  /** Checks the directories and the limit, before any slow work. */
  public void check() throws IOException {
    requireDirectory(spec, group.imageDir);
    new OutputFileChecks(spec)
        .location("--bottleneck-dir", group.bottleneckDir)
        .outside(group.imageDir);
    limit();
  }

  /**
   * @param command for its usage errors
   * @param imageDir the value of {@code --image-dir}
   */
  public static void requireDirectory(CommandSpec command, Path imageDir) {
    if (!Files.isDirectory(imageDir)) {
      throw UsageErrors.create(
          command,
          "--image-dir %s is not a directory; give one with a folder of images per class",
          imageDir);
    }
  }

  private PixelLimit limit() {
    return PixelLimitOption.create(spec, group.maxPixels);
  }

  /** The backbone, which accepts images up to the limit. */
  public Backbone limited(Backbone backbone) {
    return backbone.with(backbone.preprocessing().withPixelLimit(limit()));
  }

  public ExtractionJob job(Backbone backbone) {
    return new ExtractionJob(
        group.imageDir, group.bottleneckDir, backbone, group.strict, group.verifyContent);
  }

  /** A sample of the images, which is read when it is needed. */
  public ImageSample sample() {
    return new FolderSample(group.imageDir);
  }

  public boolean strict() {
    return group.strict;
  }

  /** Whether every image is read and every cached vector is checked. */
  public boolean verifyContent() {
    return group.verifyContent;
  }

  public Path imageDir() {
    return group.imageDir;
  }

  public Path bottleneckDir() {
    return group.bottleneckDir;
  }
}

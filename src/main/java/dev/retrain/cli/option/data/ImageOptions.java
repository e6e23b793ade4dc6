package dev.retrain.cli.option.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.bottleneck.extract.FolderSample;
import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.RuledOptions;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.image.PixelLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The images, and the cache of their vectors. */
public final class ImageOptions implements RuledOptions {
  static final String STRICT = "Fail if a file can't be read, instead of skipping it.";

  static final String VERIFY_CONTENT =
      "Read every image, and check every cached vector. By default, an image whose size,"
          + " modification time, change time and inode are unchanged is not read again.";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nImages:%n")
  private Group group = new Group();

  @ArgGroup(validate = false, heading = ImageLocationGroup.HEADING)
  private ImageLocationGroup location = new ImageLocationGroup();

  @ArgGroup(validate = false, heading = ImageSelectionGroup.HEADING)
  private ImageSelectionGroup selection = new ImageSelectionGroup();

  private static final class Group {
    @Option(
        names = {"-i", "--image-dir"},
        paramLabel = "DIR",
        description =
            "A directory with one folder of images per class, or a zip or tar archive of it, which is"
                + " not unpacked. Default: ${DEFAULT-VALUE}.")
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

  @Override
  public List<OptionRule> rules() {
    return ImageLocationGroup.RULES;
  }

  /** Checks the images, the cache directory and the limit, before any slow work. */
  public void check() throws IOException {
    location.check(spec);
    if (!location.given()) {
      requireNoList(spec, group.imageDir);
      requireDirectory(spec, group.imageDir);
    }
    selection.check(spec, location.location(spec, group.imageDir));
    new OutputFileChecks(spec)
        .location("--bottleneck-dir", group.bottleneckDir)
        .outside(imagePath());
    limit();
  }

  /**
   * @param command for its usage errors
   * @param imageDir the value of {@code --image-dir}
   */
  public static void requireDirectory(CommandSpec command, Path imageDir) {
    if (!ImageArchive.isDirectory(imageDir)) {
      throw UsageErrors.create(
          command,
          "--image-dir %s is not a directory; give one with a folder of images per class, or a zip or"
              + " tar archive of it",
          imageDir);
    }
  }

  /** Reports a file in place of the directory, which most probably is a list. */
  static void requireNoList(CommandSpec command, Path imageDir) {
    if (Files.isRegularFile(imageDir) && !ImageArchive.isDirectory(imageDir)) {
      throw UsageErrors.create(
          command,
          "--image-dir %s is a file; give a directory, or a list of images with --manifest",
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
        images(), group.bottleneckDir, backbone, group.strict, group.verifyContent);
  }

  /** A sample of the images, which is read when it is needed. */
  public ImageSample sample() {
    return new FolderSample(images());
  }

  public boolean strict() {
    return group.strict;
  }

  /** Whether every image is read and every cached vector is checked. */
  public boolean verifyContent() {
    return group.verifyContent;
  }

  /** The images that are used. */
  public ImageList images() {
    return selection.list(spec, location.location(spec, group.imageDir));
  }

  /** The image directory or the manifest, which outputs must not change. */
  public Path imagePath() {
    return location.location(spec, group.imageDir).path();
  }

  public Path bottleneckDir() {
    return group.bottleneckDir;
  }
}

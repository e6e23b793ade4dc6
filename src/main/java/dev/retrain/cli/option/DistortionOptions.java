package dev.retrain.cli.option;

import dev.retrain.image.Distortion;
import dev.retrain.job.data.OnlineAugmentation;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is trained on beside the images: retrain.py's distortions. */
public final class DistortionOptions {
  @ArgGroup(validate = false, heading = "%nVariants of the training images:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--augment",
        paramLabel = "N",
        description =
            "Train on N variants of each training image, too; their vectors are cached as any"
                + " others. Without the next options, half of them are mirrored, and crop, scale"
                + " and brightness are 10. Default: 1 where one of these is given, otherwise 0.")
    private Integer count;

    @Option(
        names = "--flip-left-right",
        description = "Exchange left and right in half of the variants.")
    private Boolean flip;

    @Option(
        names = "--random-crop",
        paramLabel = "PERCENT",
        description = "Margin to cut off at a place drawn by chance.")
    private Double crop;

    @Option(
        names = "--random-scale",
        paramLabel = "PERCENT",
        description = "Enlarge by up to so much more.")
    private Double scale;

    @Option(
        names = "--random-brightness",
        paramLabel = "PERCENT",
        description = "Make darker or brighter by up to so much.")
    private Double brightness;

    @Option(
        names = "--random-rotation",
        paramLabel = "DEGREES",
        description = "Turn by up to so much to either side.")
    private Double rotation;
  }

  /**
   * The same variants whatever the training's seed, so that another seed computes nothing anew.
   *
   * @throws IllegalArgumentException where a value is out of its range
   */
  public OnlineAugmentation variants() {
    boolean named =
        group.flip != null
            || group.crop != null
            || group.scale != null
            || group.brightness != null
            || group.rotation != null;
    Distortion distortion =
        named
            ? new Distortion(
                or(group.flip, false),
                or(group.crop, 0.0),
                or(group.scale, 0.0),
                or(group.brightness, 0.0),
                or(group.rotation, 0.0),
                Distortion.DEFAULT.seed())
            : Distortion.DEFAULT;
    return new OnlineAugmentation(or(group.count, named ? 1 : 0), distortion);
  }

  private static <T> T or(T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}

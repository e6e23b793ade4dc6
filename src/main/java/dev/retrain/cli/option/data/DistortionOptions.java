package dev.retrain.cli.option.data;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.image.Distortion;
import dev.retrain.job.data.OnlineAugmentation;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Online augmentation of the training images: retrain.py's distortions. */
public final class DistortionOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nAugmentation of the training images:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--augment",
        paramLabel = "N",
        description =
            "Also train on N random variants of each training image; their vectors are cached."
                + " Without the options below, half of the variants are flipped, and crop, scale"
                + " and brightness are 10 percent. Default: 1 if one of those options is given, otherwise"
                + " 0.")
    private Integer count;

    @Option(names = "--flip-left-right", description = "Flip half of the variants horizontally.")
    private Boolean flip;

    @Option(
        names = "--random-crop",
        paramLabel = "PERCENT",
        description = "Enlarge by PERCENT and crop to the original size at a random position.")
    private Double crop;

    @Option(
        names = "--random-scale",
        paramLabel = "PERCENT",
        description = "Enlarge by up to PERCENT.")
    private Double scale;

    @Option(
        names = "--random-brightness",
        paramLabel = "PERCENT",
        description = "Change the brightness by up to PERCENT.")
    private Double brightness;

    @Option(
        names = "--random-rotation",
        paramLabel = "DEGREES",
        description = "Rotate by up to DEGREES in either direction.")
    private Double rotation;
  }

  /**
   * The augmentation. It does not depend on the training's seed, so that training with another seed
   * finds all vectors in the cache.
   */
  public OnlineAugmentation augmentation() {
    return UsageErrors.validate(spec, this::construct);
  }

  private OnlineAugmentation construct() {
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
    if (group.count == null && distortion.changesNothing()) {
      // All ranges are 0, as retrain.py's defaults are.
      return OnlineAugmentation.NONE;
    }
    return new OnlineAugmentation(or(group.count, named ? 1 : 0), distortion);
  }

  private static <T> T or(T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}

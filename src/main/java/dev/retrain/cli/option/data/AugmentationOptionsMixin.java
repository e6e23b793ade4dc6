package dev.retrain.cli.option.data;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.dataset.augment.AugmentationOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The ranges of the random transformations of offline augmentation. */
public final class AugmentationOptionsMixin {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nTransformations of the copies:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--rotation",
        paramLabel = "DEGREES",
        description = "Rotate by up to DEGREES in either direction. Default: ${DEFAULT-VALUE}.")
    private double rotation = AugmentationOptions.DEFAULT.rotation();

    @Option(
        names = "--width-shift",
        paramLabel = "FRACTION",
        description =
            "Shift horizontally by up to this fraction of the width. Default: ${DEFAULT-VALUE}.")
    private double widthShift = AugmentationOptions.DEFAULT.widthShift();

    @Option(
        names = "--height-shift",
        paramLabel = "FRACTION",
        description =
            "Shift vertically by up to this fraction of the height. Default: ${DEFAULT-VALUE}.")
    private double heightShift = AugmentationOptions.DEFAULT.heightShift();

    @Option(
        names = "--shear",
        paramLabel = "FRACTION",
        description =
            "Shear by up to this fraction of the height in either direction. Default:"
                + " ${DEFAULT-VALUE}.")
    private double shear = AugmentationOptions.DEFAULT.shear();

    @Option(
        names = "--zoom",
        paramLabel = "FRACTION",
        description =
            "Scale width and height by independent factors between 1 - FRACTION and"
                + " 1 + FRACTION. Default: ${DEFAULT-VALUE}.")
    private double zoom = AugmentationOptions.DEFAULT.zoom();

    @Option(
        names = "--no-flip",
        description = "Do not flip copies horizontally; by default half of the copies are flipped.")
    private boolean noFlip;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = AugmentationOptions.DEFAULT.seed();
  }

  public AugmentationOptions options() {
    return UsageErrors.validate(
        spec,
        () ->
            new AugmentationOptions(
                group.rotation,
                group.widthShift,
                group.heightShift,
                group.shear,
                group.zoom,
                !group.noFlip,
                group.seed));
  }
}

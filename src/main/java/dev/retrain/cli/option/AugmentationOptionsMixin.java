package dev.retrain.cli.option;

import dev.retrain.dataset.augment.AugmentationOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How far copies may differ from their images. */
public final class AugmentationOptionsMixin {
  @ArgGroup(validate = false, heading = "%nCopies:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--rotation",
        paramLabel = "DEGREES",
        description = "Turned by up to so much to either side. Default: ${DEFAULT-VALUE}.")
    private double rotation = AugmentationOptions.DEFAULT.rotation();

    @Option(
        names = "--width-shift",
        paramLabel = "SHARE",
        description =
            "Moved sideways by up to such a share of the width. Default: ${DEFAULT-VALUE}.")
    private double widthShift = AugmentationOptions.DEFAULT.widthShift();

    @Option(
        names = "--height-shift",
        paramLabel = "SHARE",
        description =
            "Moved up or down by up to such a share of the height. Default: ${DEFAULT-VALUE}.")
    private double heightShift = AugmentationOptions.DEFAULT.heightShift();

    @Option(
        names = "--shear",
        paramLabel = "SHARE",
        description =
            "Slanted by up to such a share of the height to either side. Default:"
                + " ${DEFAULT-VALUE}.")
    private double shear = AugmentationOptions.DEFAULT.shear();

    @Option(
        names = "--zoom",
        paramLabel = "SHARE",
        description =
            "Width and height scaled by factors of their own, from 1 - SHARE to 1 + SHARE."
                + " Default: ${DEFAULT-VALUE}.")
    private double zoom = AugmentationOptions.DEFAULT.zoom();

    @Option(
        names = "--no-flip",
        description = "Never exchange left and right; otherwise half of the copies are mirrored.")
    private boolean noFlip;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Start of all randomness. Default: ${DEFAULT-VALUE}.")
    private long seed = AugmentationOptions.DEFAULT.seed();
  }

  public AugmentationOptions options() {
    return new AugmentationOptions(
        group.rotation,
        group.widthShift,
        group.heightShift,
        group.shear,
        group.zoom,
        !group.noFlip,
        group.seed);
  }
}

package dev.retrain.cli.option.backbone;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.bottleneck.extract.PrecisionSelector;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.dataset.list.ImageList;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How feature vectors are computed. */
public final class ComputationOptions {
  private static final Set<Integer> JPEG_SCALES = Set.of(1, 2, 4, 8);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nComputation of the feature vectors:%n")
  private Group group = new Group();

  private enum PrecisionChoice {
    FLOAT32,
    BFLOAT16,
    AUTO;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final class Group {
    @Option(
        names = "--no-optimize",
        description =
            "Run the graph as stored in its file, without batch normalization folding: slower, with"
                + " the same vectors up to rounding.")
    private boolean unoptimized;

    @Option(
        names = "--precision",
        paramLabel = "TYPE",
        description =
            "float32; bfloat16, twice as fast on processors that support it, but less exact; or"
                + " auto, which chooses bfloat16 if the vectors of a sample of the images change"
                + " little. Default: ${DEFAULT-VALUE}.")
    private PrecisionChoice precision = PrecisionChoice.FLOAT32;

    @Option(
        names = "--jpeg-scale",
        paramLabel = "N",
        description =
            "Decode JPEG files at 1/N of their height and width (1, 2, 4 or 8): much faster for"
                + " large photos, but changes their vectors. Default: ${DEFAULT-VALUE}.")
    private int jpegScale = 1;
  }

  /** Checks the values, before any slow work. */
  public void check() {
    if (!JPEG_SCALES.contains(group.jpegScale)) {
      throw UsageErrors.create(
          spec, "--jpeg-scale must be 1, 2, 4 or 8, but is %d", group.jpegScale);
    }
  }

  /**
   * Applies the options to a backbone.
   *
   * @param images the images that {@code auto} samples
   */
  public Backbone apply(Backbone backbone, ImageList images) throws IOException {
    Precision precision =
        group.precision == PrecisionChoice.BFLOAT16 ? Precision.BFLOAT16 : Precision.FLOAT32;
    Backbone computed =
        backbone
            .with(new ComputeOptions(!group.unoptimized, precision))
            .with(backbone.preprocessing().withJpegScale(group.jpegScale));
    return group.precision == PrecisionChoice.AUTO
        ? PrecisionSelector.choose(computed, images)
        : computed;
  }
}

package dev.retrain.cli.option;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.bottleneck.extract.PrecisionSelector;
import dev.retrain.cli.command.RetrainCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How the network is computed. */
public final class ComputationOptions {
  @ArgGroup(validate = false, heading = "%nHow the network is computed:%n")
  private Group group = new Group();

  private enum Wanted {
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
            "Run the graph as it is in its file, in place of folding batch normalisation into its"
                + " convolutions: slower, the same vectors but for rounding.")
    private boolean asItIs;

    @Option(
        names = "--precision",
        paramLabel = "NUMBERS",
        description =
            "float32, bfloat16 (twice as fast on processors that have it, less exact), or auto:"
                + " bfloat16 where it changes the vectors of a sample of the images little."
                + " Default: ${DEFAULT-VALUE}.")
    private Wanted precision = Wanted.FLOAT32;

    @Option(
        names = "--jpeg-scale",
        paramLabel = "N",
        description =
            "Decode JPEG files at 1/N of their height and width (1, 2, 4 or 8), which is much faster"
                + " for large photographs, and changes their vectors. Default: ${DEFAULT-VALUE}.")
    private int jpegScale = 1;
  }

  /** Checks what can be checked before anything slow is done. */
  public void check(RetrainCommand command) {
    if (!Set.of(1, 2, 4, 8).contains(group.jpegScale)) {
      throw command.usage("--jpeg-scale takes 1, 2, 4 or 8, but is given " + group.jpegScale);
    }
  }

  /** The network, computed as the options say; {@code auto} tries it on images of a directory. */
  public Backbone of(Backbone backbone, Path imageDir) throws IOException {
    Precision precision =
        group.precision == Wanted.BFLOAT16 ? Precision.BFLOAT16 : Precision.FLOAT32;
    Backbone computed =
        backbone
            .with(new ComputeOptions(!group.asItIs, precision))
            .with(backbone.preprocessing().withJpegScale(group.jpegScale));
    return group.precision == Wanted.AUTO ? PrecisionSelector.choose(computed, imageDir) : computed;
  }
}

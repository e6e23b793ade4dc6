package dev.retrain.cli.option.data;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.image.PixelLimit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The maximum size of an image. */
public final class PixelLimitOption {
  static final String NAME = "--max-pixels";

  static final String DESCRIPTION =
      "Skip images with more than N pixels, according to the file header; decoding them could take"
          + " too much memory. Default: ${DEFAULT-VALUE} (200 megapixels).";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = NAME, paramLabel = "N", description = DESCRIPTION)
  private long max = PixelLimit.DEFAULT_MAX;

  /** The limit; a usage error if it is out of range. */
  public PixelLimit limit() {
    return create(spec, max);
  }

  static PixelLimit create(CommandSpec command, long max) {
    return UsageErrors.validate(command, () -> new PixelLimit(max, NAME));
  }
}

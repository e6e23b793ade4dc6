package dev.retrain.cli.option.data;

import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.RuledOptions;
import dev.retrain.dataset.list.ImageLocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Images in a list or in split folders, beside {@code --image-dir}. */
public final class ImageLocationOptions implements RuledOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nImages in a list or in split folders:%n")
  private ImageLocationGroup location = new ImageLocationGroup();

  @Override
  public List<OptionRule> rules() {
    return ImageLocationGroup.RULES;
  }

  /** Checks the manifest, before any slow work. */
  public void check() {
    location.check(spec);
  }

  /**
   * Where the images are.
   *
   * @param imageDir the image directory, if there is one
   * @return empty if there is neither a manifest nor a directory
   */
  public Optional<ImageLocation> location(Optional<Path> imageDir) {
    return location.given() || imageDir.isPresent()
        ? Optional.of(location.location(spec, imageDir.orElse(Path.of(""))))
        : Optional.empty();
  }
}

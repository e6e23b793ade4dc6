package dev.retrain.cli.option.data;

import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.RuledOptions;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.dataset.list.ImageLocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Images in a list or in split folders, and which of them are used, beside {@code --image-dir}. */
public final class ImageListOptions implements RuledOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = ImageLocationGroup.HEADING)
  private ImageLocationGroup location = new ImageLocationGroup();

  @ArgGroup(validate = false, heading = ImageSelectionGroup.HEADING)
  private ImageSelectionGroup selection = new ImageSelectionGroup();

  @Override
  public List<OptionRule> rules() {
    return ImageLocationGroup.RULES;
  }

  /** Checks the manifest, before any slow work. */
  public void check() {
    location.check(spec);
  }

  /** Whether a manifest is given. */
  public boolean isManifest() {
    return location.given();
  }

  /**
   * The images.
   *
   * @param imageDir the image directory, if there is one
   * @return empty if there is neither a manifest nor a directory
   */
  public Optional<ImageList> images(Optional<Path> imageDir) {
    if (!location.given() && imageDir.isEmpty()) {
      return Optional.empty();
    }
    ImageLocation where = location.location(spec, imageDir.orElse(Path.of("")));
    selection.check(spec, where);
    return Optional.of(selection.list(spec, where));
  }
}

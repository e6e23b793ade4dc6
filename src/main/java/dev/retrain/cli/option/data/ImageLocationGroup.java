package dev.retrain.cli.option.data;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.OptionRule.Excludes;
import dev.retrain.cli.option.rule.OptionRule.Requires;
import dev.retrain.dataset.list.ImageLocation;
import dev.retrain.dataset.manifest.ManifestColumns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options for images that are not in one folder per class. */
final class ImageLocationGroup {
  static final String HEADING = "%nImages in a list or in split folders:%n";

  static final String MANIFEST = "--manifest";
  private static final String IMAGE_DIR = "--image-dir";
  private static final String SPLIT_FOLDERS = "--split-folders";
  private static final Set<String> COLUMNS =
      Set.of(
          "--path-column", "--label-column", "--split-column", "--group-column", "--weight-column");

  /** The rules of a command with these options and {@code --image-dir}. */
  static final List<OptionRule> RULES =
      Stream.concat(
              Stream.<OptionRule>of(
                  new Excludes(Set.of(MANIFEST), Set.of(IMAGE_DIR, SPLIT_FOLDERS)),
                  new Excludes(Set.of(IMAGE_DIR), Set.of(MANIFEST), COLUMNS)),
              COLUMNS.stream().sorted().map(column -> Requires.given(column, MANIFEST)))
          .toList();

  @Option(
      names = MANIFEST,
      paramLabel = "FILE",
      description =
          "A list of images instead of --image-dir: CSV, TSV, JSON Lines or Parquet with the"
              + " columns path and label, and optionally split, group and weight. Paths are"
              + " relative to the file.")
  private Path manifest;

  @Option(
      names = "--path-column",
      paramLabel = "NAME",
      description = "With --manifest: the column of paths. Default: path.")
  private String pathColumn;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description =
          "With --manifest: the column of labels. Default: label, or label_1 in the output of"
              + " 'predict'.")
  private String labelColumn;

  @Option(
      names = "--split-column",
      paramLabel = "NAME",
      description =
          "With --manifest: the column of sets (train, val, test). Default: split, if it exists; ''"
              + " for none.")
  private String splitColumn;

  @Option(
      names = "--group-column",
      paramLabel = "NAME",
      description =
          "With --manifest: the column of groups; images of one group, such as a patient or a"
              + " camera, are in the same set. Default: group, if it exists; '' for none.")
  private String groupColumn;

  @Option(
      names = "--weight-column",
      paramLabel = "NAME",
      description =
          "With --manifest: the column of the weights of the images in the training. Default:"
              + " weight, if it exists; '' for none.")
  private String weightColumn;

  /** Whether folders of sets are recognized. */
  enum SplitFolderMode {
    AUTO,
    OFF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  // Without a default value, which every model's metadata would record.
  @Option(
      names = SPLIT_FOLDERS,
      paramLabel = "MODE",
      description =
          "auto: if the image directory has the folders train and val (or validation, valid) or"
              + " test with class folders in them, they are used as they are split; off: they are"
              + " classes. Default: auto.")
  private SplitFolderMode splitFolders;

  /** Whether a manifest is given. */
  boolean given() {
    return manifest != null;
  }

  /** Checks the manifest, before any slow work. */
  void check(CommandSpec command) {
    if (manifest == null) {
      return;
    }
    if (Files.isDirectory(manifest)) {
      throw UsageErrors.create(
          command, "--manifest %s is a directory; give a file, or use --image-dir", manifest);
    }
    if (!Files.exists(manifest)) {
      throw UsageErrors.create(command, "--manifest %s does not exist", manifest);
    }
    UsageErrors.validate(command, this::columns);
  }

  /**
   * Where the images are.
   *
   * @param command for its usage errors
   * @param imageDir the image directory, where no manifest is given
   */
  ImageLocation location(CommandSpec command, Path imageDir) {
    return manifest == null
        ? new ImageLocation.Directory(imageDir, splitFolders != SplitFolderMode.OFF)
        : new ImageLocation.ManifestFile(manifest, UsageErrors.validate(command, this::columns));
  }

  private ManifestColumns columns() {
    return new ManifestColumns(
        Optional.ofNullable(pathColumn),
        Optional.ofNullable(labelColumn),
        Optional.ofNullable(splitColumn),
        Optional.ofNullable(groupColumn),
        Optional.ofNullable(weightColumn));
  }
}

package dev.retrain.cli.option.data;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.dataset.list.ImageLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which of the images are used, and which of them belong together. */
final class ImageSelectionGroup {
  static final String HEADING = "%nSelection of images:%n";

  @Option(
      names = "--group-by",
      paramLabel = "REGEX",
      description =
          "Images of one group are in the same set: those whose names (class/file) have the same"
              + " first capturing group of this regular expression, or the same match, such as"
              + " 'patient(\\d+)'.")
  private String groupBy;

  @Option(
      names = "--exclude",
      paramLabel = "FILE",
      description =
          "Do not use these images: a text file with a path on each line, or a CSV, TSV or JSON Lines"
              + " file with a column 'path'.")
  private Path exclude;

  // Without a default value, which every model's metadata would record.
  @Option(
      names = "--classes",
      paramLabel = "NAME",
      split = ",",
      description = "Use only these classes, separated by commas. Default: all.")
  private List<String> classes;

  @Option(
      names = "--max-per-class",
      paramLabel = "N",
      description =
          "Use a sample of at most N images of each class, which is the same in every run and keeps"
              + " the proportions of the sets. Default: all.")
  private Integer maxPerClass;

  /** Checks the values, before any slow work. */
  void check(CommandSpec command, ImageLocation location) {
    if (exclude != null && !Files.isRegularFile(exclude)) {
      throw UsageErrors.create(
          command,
          Files.exists(exclude) ? "--exclude %s is not a file" : "--exclude %s does not exist",
          exclude);
    }
    list(command, location);
  }

  /** The images of a location that are used. */
  ImageList list(CommandSpec command, ImageLocation location) {
    return UsageErrors.validate(
        command,
        () ->
            new ImageList(
                location,
                Optional.ofNullable(groupBy),
                Optional.ofNullable(exclude),
                classes == null ? List.of() : classes,
                Optional.ofNullable(maxPerClass)));
  }
}

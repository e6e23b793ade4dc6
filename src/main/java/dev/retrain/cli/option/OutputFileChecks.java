package dev.retrain.cli.option;

import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.model.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files that options name to be written: none of them may be something that is needed. */
public final class OutputFileChecks {
  private final RetrainCommand command;
  private final Map<Path, String> options = new LinkedHashMap<>();

  /**
   * @param command for its usage messages
   */
  public OutputFileChecks(RetrainCommand command) {
    this.command = command;
  }

  /**
   * Takes the file that an option names, before anything slow is done.
   *
   * @param option the option
   * @param file its file, if it has one
   */
  public OutputFileChecks with(String option, Optional<Path> file) throws IOException {
    if (file.isPresent()) {
      add(option, file.get());
    }
    return this;
  }

  private void add(String option, Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw command.usage("%s %s is a directory; name a file to write".formatted(option, file));
    }
    String before = options.putIfAbsent(real(file), option);
    if (before != null) {
      throw command.usage("%s and %s name the same file, %s".formatted(before, option, file));
    }
  }

  /** Checks that none of them is a file of a model, or lies among the images it was made of. */
  OutputFileChecks besideModel(Path model) throws IOException {
    for (Path needed : List.of(ModelBundle.graphFile(model), ModelBundle.metadataFile(model))) {
      String option = options.get(real(needed));
      if (option != null) {
        throw command.usage("%s %s is a file of the model; name another".formatted(option, needed));
      }
    }
    Path directory = Path.of(ModelBundle.metadata(model).data().directory());
    // Who works among the images, or elsewhere than the training did, knows where to write.
    boolean within =
        Path.of("").toAbsolutePath().startsWith(directory.toAbsolutePath().normalize());
    return within ? this : outside(directory);
  }

  /** Checks that none of them lies in a directory of images. */
  public OutputFileChecks outside(Path directory) throws IOException {
    Path real = real(directory);
    for (Map.Entry<Path, String> entry : options.entrySet()) {
      if (entry.getKey().startsWith(real)) {
        throw command.usage(
            "%s %s lies among the images in %s; name a file elsewhere"
                .formatted(entry.getValue(), entry.getKey(), directory));
      }
    }
    return this;
  }

  /** Where a path leads, as far as it is there. */
  private static Path real(Path path) throws IOException {
    Path full = path.toAbsolutePath().normalize();
    Path there = full;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    // Nothing is there of a drive that is not.
    return there == null ? full : there.toRealPath().resolve(there.relativize(full));
  }
}

package dev.retrain.cli.option;

import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.model.ModelBundle;
import dev.retrain.model.data.DataOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Checks that the files that options name as output overwrite nothing that is needed. */
public final class OutputFileChecks {
  private final CommandSpec command;
  private final Map<Path, String> options = new LinkedHashMap<>();

  /**
   * @param command for its usage errors
   */
  public OutputFileChecks(CommandSpec command) {
    this.command = command;
  }

  /**
   * Adds an output file.
   *
   * @param option the option that names it
   * @param file the file; empty where the option is not given
   */
  public OutputFileChecks add(String option, Optional<Path> file) throws IOException {
    if (file.isPresent()) {
      add(option, file.get());
    }
    return this;
  }

  private void add(String option, Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw UsageErrors.create(command, "%s %s is a directory; name a file to write", option, file);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw UsageErrors.create(
          command, "%s %s is a device or a pipe; name a file to write", option, file);
    }
    String before = options.putIfAbsent(real(file), option);
    if (before != null) {
      throw UsageErrors.create(command, "%s and %s name the same file, %s", before, option, file);
    }
  }

  /** Adds a file or directory, of which only the location is checked. */
  public OutputFileChecks location(String option, Path path) throws IOException {
    options.putIfAbsent(real(path), option);
    return this;
  }

  /**
   * Adds a file or directory, of which only the location is checked; empty if it is not written.
   */
  public OutputFileChecks location(String option, Optional<Path> path) throws IOException {
    return path.isPresent() ? location(option, path.get()) : this;
  }

  /** Checks that no file belongs to a model or lies among the images the model was trained on. */
  public OutputFileChecks besideModel(Path model) throws IOException {
    for (Path needed : List.of(ModelBundle.graphFile(model), ModelBundle.metadataFile(model))) {
      String option = options.get(real(needed));
      if (option != null) {
        throw UsageErrors.create(
            command, "%s %s is a file of the model; name another file", option, needed);
      }
    }
    if (!ModelBundle.hasMetadata(model)) {
      return this;
    }
    DataOrigin data = ModelBundle.metadata(model).data();
    if (!data.known()) {
      return this;
    }
    if (data.list() != null && data.list().manifest() != null) {
      // The innermost directory of the files may be any, such as the working directory.
      return outside(Path.of(data.list().manifest()));
    }
    Path directory = Path.of(data.directory());
    // A user whose working directory is in the image directory may write there.
    boolean within =
        Path.of("").toAbsolutePath().startsWith(directory.toAbsolutePath().normalize());
    return within ? this : outside(directory);
  }

  /** Checks that no file lies in a directory of images, or is a manifest. */
  public OutputFileChecks outside(Path directory) throws IOException {
    Path real = real(ImageArchive.file(directory));
    for (Map.Entry<Path, String> entry : options.entrySet()) {
      if (entry.getKey().startsWith(real)) {
        throw UsageErrors.create(
            command,
            Files.isRegularFile(real)
                ? "%s %s would overwrite %s, which lists or contains the images; choose another"
                    + " location"
                : "%s %s is inside the image directory %s; choose another location",
            entry.getValue(),
            entry.getKey(),
            directory);
      }
    }
    return this;
  }

  /**
   * Checks that no file is the backbone: an interrupted fine-tuning resumes from the backbone as it
   * was.
   */
  public OutputFileChecks besideBackbone(Path backbone) throws IOException {
    String option = options.get(real(backbone));
    if (option != null) {
      throw UsageErrors.create(
          command,
          "%s would overwrite the backbone that is fine-tuned, %s; choose another location",
          option,
          backbone);
    }
    return this;
  }

  /** The path with symbolic links resolved in its existing part. */
  private static Path real(Path path) throws IOException {
    Path full = path.toAbsolutePath().normalize();
    Path existing = full;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      // Nothing exists on a drive that is not mounted.
      return existing == null ? full : existing.toRealPath().resolve(existing.relativize(full));
    } catch (NoSuchFileException e) {
      // /dev/stdout leads to a pipe, which has no path.
      return full;
    }
  }
}

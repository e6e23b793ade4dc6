package dev.retrain.command;

import dev.retrain.model.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files that options name to be written: none of them may be something that is needed. */
final class WrittenFiles {
  private final RetrainCommand command;
  private final Map<Path, String> options = new LinkedHashMap<>();

  private WrittenFiles(RetrainCommand command) {
    this.command = command;
  }

  /**
   * Takes the files of a command, before anything slow is done.
   *
   * @param command the command, for its usage messages
   * @param files each option with its file, if it has one
   */
  static WrittenFiles of(
      RetrainCommand command, Collection<Map.Entry<String, Optional<Path>>> files)
      throws IOException {
    WrittenFiles written = new WrittenFiles(command);
    for (Map.Entry<String, Optional<Path>> entry : files) {
      if (entry.getValue().isPresent()) {
        written.add(entry.getKey(), entry.getValue().get());
      }
    }
    return written;
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

  /** Checks that none of them is a file of a model, or lies among the pictures it was made of. */
  WrittenFiles besideModel(Path model) throws IOException {
    for (Path needed : List.of(StoredModel.graphFile(model), StoredModel.descriptionFile(model))) {
      String option = options.get(real(needed));
      if (option != null) {
        throw command.usage("%s %s is a file of the model; name another".formatted(option, needed));
      }
    }
    Path directory = Path.of(StoredModel.description(model).data().directory());
    // Who works among the pictures, or elsewhere than the training did, knows where to write.
    boolean within =
        Path.of("").toAbsolutePath().startsWith(directory.toAbsolutePath().normalize());
    return within ? this : outside(directory);
  }

  /** Checks that none of them lies in a directory of pictures. */
  WrittenFiles outside(Path directory) throws IOException {
    Path real = real(directory);
    for (Map.Entry<Path, String> entry : options.entrySet()) {
      if (entry.getKey().startsWith(real)) {
        throw command.usage(
            "%s %s lies among the pictures in %s; name a file elsewhere"
                .formatted(entry.getValue(), entry.getKey(), directory));
      }
    }
    return this;
  }

  /** Where a path leads, as far as it is there. */
  private static Path real(Path path) throws IOException {
    Path there = path.toAbsolutePath().normalize();
    List<Path> missing = new ArrayList<>();
    while (!Files.exists(there)) {
      if (there.getParent() == null) {
        // A drive that is not there.
        return path.toAbsolutePath().normalize();
      }
      missing.add(0, there.getFileName());
      there = there.getParent();
    }
    Path real = there.toRealPath();
    for (Path name : missing) {
      real = real.resolve(name);
    }
    return real;
  }
}

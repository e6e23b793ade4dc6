package dev.retrain.tensorboard;

import dev.retrain.work.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** The directory that holds one run's {@code train} and {@code validation} events. */
public final class RunDirectory {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss");

  private RunDirectory() {}

  /**
   * Makes room for a run: an earlier one is moved to {@code <directory>.earlier/<time>}, beside the
   * directory, so that TensorBoard shows the new one alone.
   *
   * @param directory the summaries directory
   * @return where the earlier run is now, if there was one
   * @throws IOException where it can't be moved
   */
  public static Optional<Path> clear(Path directory) throws IOException {
    return clear(directory, Clock.system(ZoneId.systemDefault()));
  }

  static Optional<Path> clear(Path directory, Clock clock) throws IOException {
    List<Path> earlier =
        Stream.of(train(directory), validation(directory)).filter(Files::isDirectory).toList();
    if (earlier.isEmpty()) {
      return Optional.empty();
    }
    Path parent = directory.resolveSibling(directory.getFileName() + ".earlier");
    String name = NAME.format(LocalDateTime.now(clock));
    Path aside = parent.resolve(name);
    for (int i = 2; Files.exists(aside); i++) {
      aside = parent.resolve(name + "_" + i);
    }
    Directories.make(aside);
    for (Path run : earlier) {
      // Copies where the two lie on different file systems.
      FileUtils.moveDirectory(run.toFile(), aside.resolve(run.getFileName()).toFile());
    }
    return Optional.of(aside);
  }

  /** Where the training batches' events go. */
  public static Path train(Path directory) {
    return directory.resolve("train");
  }

  /** Where the validation pictures' events go. */
  public static Path validation(Path directory) {
    return directory.resolve("validation");
  }
}

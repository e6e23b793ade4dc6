package dev.retrain.tensorboard;

import dev.retrain.util.io.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * The directory that holds one run's {@code train}, {@code validation} and {@code test} events, or
 * such directories of a sweep's runs.
 */
public final class LogDirectory {
  /** Marks a directory below as a run of a sweep, and says which. */
  public static final String RECORD = "sweep_run.json";

  /** A sweep's runs in one table. */
  public static final String TABLE = "sweep.csv";

  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";
  private static final String TEST = "test";
  private static final Set<String> PARTS = Set.of(TRAIN, VALIDATION, TEST);
  private static final String EVENTS = "events.out.tfevents.";

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss");

  private LogDirectory() {}

  /**
   * Makes room for a run: an earlier one, or an earlier sweep, is moved to {@code
   * <directory>.earlier/<time>}, beside the directory, so that TensorBoard shows the new one alone.
   *
   * @param directory the summaries directory
   * @return where the earlier run is now, if there was one
   * @throws IOException where it can't be moved
   */
  public static Optional<Path> clear(Path directory) throws IOException {
    return clear(directory, Clock.system(ZoneId.systemDefault()));
  }

  static Optional<Path> clear(Path directory, Clock clock) throws IOException {
    List<Path> earlier = entries(directory, LogDirectory::isOurs);
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
      FileUtils.moveToDirectory(run.toFile(), aside.toFile(), false);
    }
    return Optional.of(aside);
  }

  private static List<Path> entries(Path directory, Predicate<Path> filter) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(filter).sorted().toList();
    }
  }

  private static boolean isOurs(Path entry) {
    String name = entry.getFileName().toString();
    return Files.isDirectory(entry)
        ? PARTS.contains(name) || Files.isRegularFile(entry.resolve(RECORD))
        : name.equals(TABLE) || name.startsWith(EVENTS);
  }

  /**
   * Whether a directory holds a run of its own, not those of a sweep.
   *
   * @param directory the summaries directory
   * @throws IOException where it can't be listed
   */
  public static boolean holdsOneRun(Path directory) throws IOException {
    return !entries(directory, entry -> PARTS.contains(entry.getFileName().toString())).isEmpty();
  }

  /**
   * The runs of a sweep, finished or not.
   *
   * @param directory the summaries directory
   * @return their directories, sorted
   * @throws IOException where it can't be listed
   */
  public static List<Path> runs(Path directory) throws IOException {
    return entries(directory, entry -> Files.isRegularFile(entry.resolve(RECORD)));
  }

  /**
   * Deletes the event files that lie in the directory itself.
   *
   * @param directory the summaries directory
   * @throws IOException where one can't be deleted
   */
  public static void deleteOwnEvents(Path directory) throws IOException {
    for (Path file :
        entries(directory, entry -> entry.getFileName().toString().startsWith(EVENTS))) {
      Files.delete(file);
    }
  }

  /** Where the training batches' events go. */
  public static Path train(Path directory) {
    return directory.resolve(TRAIN);
  }

  /** Where the validation images' events go. */
  public static Path validation(Path directory) {
    return directory.resolve(VALIDATION);
  }

  /** Where the test's go. */
  public static Path test(Path directory) {
    return directory.resolve(TEST);
  }
}

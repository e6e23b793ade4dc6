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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * The log directory of a run, with its {@code train}, {@code validation} and {@code test} events;
 * or of a sweep, with one log directory per run.
 */
public final class LogDirectory {
  /** File in the log directory of each run of a sweep, with the run's record. */
  public static final String RECORD = "sweep_run.json";

  /** File with the table of a sweep's runs. */
  public static final String TABLE = "sweep.csv";

  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";
  private static final String TEST = "test";
  private static final Set<String> RUN_DIRECTORIES = Set.of(TRAIN, VALIDATION, TEST);
  private static final String EVENTS = "events.out.tfevents.";

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss", Locale.ROOT);

  private LogDirectory() {}

  /**
   * Moves an earlier run or sweep to {@code <directory>.earlier/<time>}, so that TensorBoard shows
   * only the new one.
   *
   * @param directory the log directory
   * @return the new directory of the earlier run, if there was one
   * @throws IOException if it can't be moved
   */
  public static Optional<Path> clear(Path directory) throws IOException {
    return clear(directory, Clock.system(ZoneId.systemDefault()));
  }

  static Optional<Path> clear(Path directory, Clock clock) throws IOException {
    List<Path> earlier = entries(directory, LogDirectory::belongsToRun);
    if (earlier.isEmpty()) {
      return Optional.empty();
    }
    Path parent = earlier(directory);
    String name = NAME.format(LocalDateTime.now(clock));
    Path target = parent.resolve(name);
    for (int i = 2; Files.exists(target); i++) {
      target = parent.resolve(name + "_" + i);
    }
    Directories.create(target);
    for (Path run : earlier) {
      // Unlike Files.move, moves directories between file systems.
      FileUtils.moveToDirectory(run.toFile(), target.toFile(), false);
    }
    return Optional.of(target);
  }

  /** Where {@link #clear} moves earlier runs. */
  public static Path earlier(Path directory) {
    return directory.resolveSibling(directory.getFileName() + ".earlier");
  }

  /**
   * Finds an earlier run that {@link #clear} has moved.
   *
   * @param directory the log directory
   * @param train name of its file with the events of training batches
   * @param validation name of its file with the events of validation images
   * @throws IOException if a directory can't be listed
   */
  public static Optional<Path> findEarlier(Path directory, String train, String validation)
      throws IOException {
    return entries(
            earlier(directory),
            run ->
                Files.isRegularFile(train(run).resolve(train))
                    && Files.isRegularFile(validation(run).resolve(validation)))
        .stream()
        .findFirst();
  }

  private static List<Path> entries(Path directory, Predicate<Path> filter) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(filter).sorted().toList();
    }
  }

  private static boolean belongsToRun(Path entry) {
    String name = entry.getFileName().toString();
    return Files.isDirectory(entry)
        ? RUN_DIRECTORIES.contains(name) || Files.isRegularFile(entry.resolve(RECORD))
        : name.equals(TABLE) || name.startsWith(EVENTS);
  }

  /**
   * Whether a directory is the log directory of a single run, not of a sweep.
   *
   * @param directory the log directory
   * @throws IOException if it can't be listed
   */
  public static boolean isSingleRun(Path directory) throws IOException {
    return !entries(directory, entry -> RUN_DIRECTORIES.contains(entry.getFileName().toString()))
        .isEmpty();
  }

  /**
   * The log directories of a sweep's runs, finished or not, sorted.
   *
   * @param directory the sweep's log directory
   * @throws IOException if it can't be listed
   */
  public static List<Path> runs(Path directory) throws IOException {
    return entries(directory, entry -> Files.isRegularFile(entry.resolve(RECORD)));
  }

  /**
   * Deletes the event files directly in a directory.
   *
   * @param directory the log directory
   * @throws IOException if one can't be deleted
   */
  public static void deleteOwnEvents(Path directory) throws IOException {
    for (Path file :
        entries(directory, entry -> entry.getFileName().toString().startsWith(EVENTS))) {
      Files.delete(file);
    }
  }

  /** The directory of the events of training batches. */
  public static Path train(Path directory) {
    return directory.resolve(TRAIN);
  }

  /** The directory of the events of validation images. */
  public static Path validation(Path directory) {
    return directory.resolve(VALIDATION);
  }

  /** The directory of the events of the final test. */
  public static Path test(Path directory) {
    return directory.resolve(TEST);
  }
}

package dev.retrain.testing;

import dev.retrain.tensorboard.EventFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** The events of a log directory as texts, which can be compared. */
public final class EventTexts {
  private EventTexts() {}

  /**
   * The events of a directory's only event file, a text for each: everything but times.
   *
   * @param directory a directory of events, such as {@code train}
   */
  public static List<String> read(Path directory) throws IOException {
    return events(directory).stream()
        .map(
            event ->
                "%d %s %s"
                    .formatted(
                        event.getStep(),
                        event.getWhatCase(),
                        event.getSummary().getValueList().stream().map(EventTexts::text).toList()))
        .toList();
  }

  /** The steps of these events. */
  public static List<Long> steps(Path directory) throws IOException {
    return events(directory).stream().map(Event::getStep).toList();
  }

  private static List<Event> events(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found = files.filter(Files::isRegularFile).toList();
      if (found.size() != 1) {
        throw new AssertionError(found + " is not one event file");
      }
      return EventFileReader.read(found.get(0));
    }
  }

  private static String text(Summary.Value value) {
    if (value.getTag().startsWith("_hparams_/")) {
      return value.getTag();
    }
    return value.getTag()
        + " "
        + (value.hasSimpleValue() ? value.getSimpleValue() : value.hashCode());
  }
}

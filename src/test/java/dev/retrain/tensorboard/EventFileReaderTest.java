package dev.retrain.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.ScalarSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class EventFileReaderTest {
  @TempDir private Path directory;
  private Path file;
  private byte[] content;

  @BeforeEach
  void write() throws IOException {
    try (EventFileWriter writer = new EventFileWriter(directory)) {
      for (int step = 1; step <= 3; step++) {
        writer.add(step, Summary.newBuilder().addValue(ScalarSummary.of("loss", step)).build());
      }
      file = directory.resolve(writer.name());
    }
    content = Files.readAllBytes(file);
  }

  private List<Long> steps() throws IOException {
    return EventFileReader.read(file).stream().map(Event::getStep).toList();
  }

  @Test
  void eventsAreReadAsTheyWereWritten() throws IOException {
    List<Event> events = EventFileReader.read(file);
    assertThat(events).extracting(Event::getStep).containsExactly(0L, 1L, 2L, 3L);
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.get(3).getSummary().getValue(0).getSimpleValue()).isEqualTo(3);
  }

  /** As kill -9 leaves a file. */
  @Test
  void incompleteRecordEndsTheFile() throws IOException {
    int last = content.length;
    while (steps().size() == 4 || steps().isEmpty()) {
      Files.write(file, Arrays.copyOf(content, --last));
    }
    for (int length = last; steps().size() == 3; length--) {
      assertThat(steps()).containsExactly(0L, 1L, 2L);
      Files.write(file, Arrays.copyOf(content, length));
    }
    Files.write(file, new byte[0]);
    assertThat(steps()).isEmpty();
  }

  @Test
  void damagedRecordEndsTheFile() throws IOException {
    int records = content.length;
    for (int at : new int[] {records - 1, records - 6}) {
      byte[] damaged = content.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertThat(steps()).containsExactly(0L, 1L, 2L);
    }
    // An impossible length.
    byte[] damaged = content.clone();
    damaged[7] = 127;
    Files.write(file, damaged);
    assertThat(steps()).isEmpty();
  }
}

package dev.retrain.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.Summary;

class EventFileWriterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

  @TempDir Path directory;

  /** CRC-32C bit by bit, RFC 3720. */
  private static int crc32c(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82F63B78;
      }
    }
    return ~crc;
  }

  private static int masked(int crc) {
    return ((crc >>> 15) | (crc << 17)) + 0xA282EAD8;
  }

  private static byte[] next(ByteBuffer buffer, int length) {
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  private static List<Event> read(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (buffer.hasRemaining()) {
      byte[] header = next(buffer, 8);
      assertThat(buffer.getInt()).as("sum of the length").isEqualTo(masked(crc32c(header)));
      long length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong();
      byte[] bytes = next(buffer, Math.toIntExact(length));
      assertThat(buffer.getInt()).as("sum of the record").isEqualTo(masked(crc32c(bytes)));
      events.add(Event.parseFrom(bytes));
    }
    return events;
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("train"))) {
      List<Path> list = files.toList();
      assertThat(list).hasSize(1);
      return list.get(0);
    }
  }

  private EventFileWriter open() throws IOException {
    return new EventFileWriter(directory.resolve("train"), CLOCK);
  }

  private static Summary scalar(String tag, float value) {
    return Summary.newBuilder()
        .addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(value))
        .build();
  }

  @Test
  void readerComputesThePublishedChecksum() {
    assertThat(crc32c("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0xE3069283);
  }

  @Test
  void firstEventHasTheVersion() throws IOException {
    open().close();

    Event first = read(onlyFile()).get(0);

    assertThat(first.getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(first.getWallTime()).isEqualTo(1_700_000_000.25);
    assertThat(read(onlyFile())).hasSize(1);
  }

  @Test
  void fileNameIsThatOfTensorBoard() throws IOException {
    open().close();

    assertThat(onlyFile().getFileName().toString()).startsWith("events.out.tfevents.1700000000.");
  }

  @Test
  void summariesAreReadWithTheirSteps() throws IOException {
    Summary first = scalar("accuracy", 0.25f);
    Summary second = scalar("cross_entropy", 1.5f);
    try (EventFileWriter file = open()) {
      file.add(1, first);
      file.add(5_000_000_000L, second);
    }

    List<Event> events = read(onlyFile());

    assertThat(events).hasSize(3);
    assertThat(events.get(1).getSummary()).isEqualTo(first);
    assertThat(events.get(1).getStep()).isEqualTo(1);
    assertThat(events.get(2).getSummary()).isEqualTo(second);
    assertThat(events.get(2).getStep()).isEqualTo(5_000_000_000L);
    assertThat(events.get(2).getWallTime()).isEqualTo(1_700_000_000.25);
  }

  @Test
  void graphIsRead() throws IOException {
    GraphDef graph =
        GraphDef.newBuilder()
            .addNode(NodeDef.newBuilder().setName("a").setOp("NoOp"))
            .addNode(NodeDef.newBuilder().setName("b").setOp("NoOp").addInput("^a"))
            .build();
    try (EventFileWriter file = open()) {
      file.add(graph);
    }

    assertThat(GraphDef.parseFrom(read(onlyFile()).get(1).getGraphDef())).isEqualTo(graph);
  }

  @Test
  void largeRecordIsRead() throws IOException {
    Summary large = scalar("x".repeat(1_000_000), 1);
    try (EventFileWriter file = open()) {
      file.add(1, large);
      file.add(2, scalar("y", 2));
    }

    assertThat(read(onlyFile())).hasSize(3);
    assertThat(read(onlyFile()).get(1).getSummary()).isEqualTo(large);
  }

  @Test
  void flushedEventsAreReadableInOpenFile() throws IOException {
    try (EventFileWriter file = open()) {
      file.add(1, scalar("accuracy", 0.5f));
      file.flush();

      assertThat(read(onlyFile())).hasSize(2);
    }
  }
}

package dev.retrain.tensorboard;

import dev.retrain.util.io.Directories;
import dev.retrain.util.io.OutputException;
import dev.retrain.util.io.OutputFileStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;

/**
 * Writes an event file: TFRecords of {@code tensorflow.Event} protocol buffers.
 *
 * <p>A record consists of the length of its data (8 bytes, little-endian), the masked CRC-32C of
 * these 8 bytes (4 bytes), the data, and its masked CRC-32C (4 bytes). Source: TensorFlow's {@code
 * core/lib/io/record_writer.h}.
 */
public final class EventFileWriter implements AutoCloseable {
  private final String name;
  private final OutputStream out;
  private final Clock clock;

  /**
   * Creates an event file.
   *
   * @param directory the run's log directory, which is created
   * @throws IOException if it can't be created
   */
  public EventFileWriter(Path directory) throws IOException {
    this(directory, Clock.systemUTC());
  }

  EventFileWriter(Path directory, Clock clock) throws IOException {
    this.clock = clock;
    Directories.create(directory);
    name =
        String.format(
            Locale.ROOT,
            "events.out.tfevents.%010d.%s.%d",
            clock.instant().getEpochSecond(),
            host(),
            ProcessHandle.current().pid());
    Path file = directory.resolve(name);
    try {
      out =
          new BufferedOutputStream(
              new OutputFileStream(
                  Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), file),
              1 << 16);
    } catch (IOException e) {
      throw OutputException.file(file, e);
    }
    write(event(0).setFileVersion("brain.Event:2").build());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** The name of the file. */
  public String name() {
    return name;
  }

  /**
   * Adds an event of another file.
   *
   * @throws IOException if writing fails
   */
  public void add(Event event) throws IOException {
    write(event);
  }

  /**
   * Adds a summary.
   *
   * @param step the iteration
   * @param summary the values
   * @throws IOException if writing fails
   */
  public void add(long step, Summary summary) throws IOException {
    write(event(step).setSummary(summary).build());
  }

  /**
   * Adds the graph of TensorBoard's graph page.
   *
   * @throws IOException if writing fails
   */
  public void add(GraphDef graph) throws IOException {
    write(event(0).setGraphDef(graph.toByteString()).build());
  }

  /**
   * Makes all added events visible to readers of the file.
   *
   * @throws IOException if writing fails
   */
  public void flush() throws IOException {
    out.flush();
  }

  private Event.Builder event(long step) {
    return Event.newBuilder().setWallTime(clock.millis() / 1000.0).setStep(step);
  }

  private void write(Event event) throws IOException {
    byte[] bytes = event.toByteArray();
    ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(bytes.length).putInt(maskedCrc(header.array(), 8));
    ByteBuffer footer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    footer.putInt(maskedCrc(bytes, bytes.length));
    out.write(header.array());
    out.write(bytes);
    out.write(footer.array());
  }

  static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}

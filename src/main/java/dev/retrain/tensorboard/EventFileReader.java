package dev.retrain.tensorboard;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.proto.Event;

/** Reads an event file, whose format {@link EventFileWriter} describes. */
public final class EventFileReader {
  /** Larger than any event; a length beyond it is damaged. */
  private static final long MAX_LENGTH = 1L << 30;

  private EventFileReader() {}

  /**
   * The events up to the first one that is incomplete or damaged, as a killed process may leave it.
   *
   * @param file the file
   * @throws IOException if it can't be read
   */
  public static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      byte[] record = next(in);
      while (record.length > 0) {
        events.add(Event.parseFrom(record));
        record = next(in);
      }
    } catch (EOFException e) {
      // The last record is incomplete.
    }
    return events;
  }

  /** The data of the next record; empty if it is damaged. */
  private static byte[] next(DataInputStream in) throws IOException {
    byte[] header = new byte[Long.BYTES];
    in.readFully(header);
    long length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (crc(in) != EventFileWriter.maskedCrc(header, header.length)
        || length < 0
        || length > MAX_LENGTH) {
      return new byte[0];
    }
    byte[] data = new byte[(int) length];
    in.readFully(data);
    return crc(in) == EventFileWriter.maskedCrc(data, data.length) ? data : new byte[0];
  }

  private static int crc(DataInputStream in) throws IOException {
    return Integer.reverseBytes(in.readInt());
  }
}

package dev.retrain.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;

/** The events of an event file, without their times. */
final class EventLines {
  private static final String HPARAMS = "_hparams_/";

  private EventLines() {}

  /** Reads the complete records; the last one of a killed process may be cut. */
  static List<String> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<String> lines = new ArrayList<>();
    while (bytes.remaining() >= 12) {
      int length = (int) bytes.getLong(bytes.position());
      if (bytes.remaining() < 16 + length) {
        return lines;
      }
      byte[] data = new byte[length];
      bytes.position(bytes.position() + 12).get(data);
      CRC32C crc = new CRC32C();
      crc.update(data);
      int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
      if (masked != bytes.getInt()) {
        throw new IOException("damaged event in " + file);
      }
      lines.add(line(Event.parseFrom(data)));
    }
    return lines;
  }

  private static String line(Event event) throws IOException {
    Event.Builder timeless = event.toBuilder().clearWallTime();
    if (event.hasSummary()) {
      Summary.Builder summary = timeless.getSummaryBuilder();
      for (Summary.Value.Builder value : summary.getValueBuilderList()) {
        // Their content holds the times of the run.
        if (value.getTag().startsWith(HPARAMS)) {
          value.clearMetadata();
        }
      }
    }
    if (event.hasGraphDef()) {
      // As text, whose order is fixed: the bytes have the attributes of a node in any order.
      return GraphDef.parseFrom(event.getGraphDef()).toString();
    }
    return timeless.build().toString();
  }
}

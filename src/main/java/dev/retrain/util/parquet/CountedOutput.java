package dev.retrain.util.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts the bytes that are written. */
final class CountedOutput {
  private final OutputStream stream;
  private long position;

  CountedOutput(OutputStream stream) {
    this.stream = stream;
  }

  void write(byte[] bytes) throws IOException {
    stream.write(bytes);
    position += bytes.length;
  }

  void write(ByteArrayOutputStream bytes) throws IOException {
    bytes.writeTo(stream);
    position += bytes.size();
  }

  /** Number of bytes written so far. */
  long position() {
    return position;
  }
}

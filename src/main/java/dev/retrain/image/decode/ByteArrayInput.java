package dev.retrain.image.decode;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * ImageIO's input from an array, which it doesn't copy.
 *
 * <p>Readers that continue after the end of the file, such as the WebP reader, fail after a number
 * of attempts; each of these is cheap.
 */
final class ByteArrayInput extends ImageInputStreamImpl {
  private static final int MIN_ATTEMPTS = 100_000;

  /** Symbols that a WebP decoder reads for a pixel, with a margin. */
  private static final int ATTEMPTS_PER_PIXEL = 16;

  private final byte[] content;
  private final long maxAttempts;
  private final EOFException end = new EOFException("the file is truncated");
  private long attempts;

  /**
   * @param content the file's bytes
   * @param pixels number of pixels of the image
   */
  ByteArrayInput(byte[] content, long pixels) {
    this.content = content;
    maxAttempts = MIN_ATTEMPTS + ATTEMPTS_PER_PIXEL * Math.max(0, pixels);
  }

  @Override
  public long length() {
    return content.length;
  }

  @Override
  public int read() throws IOException {
    checkClosed();
    bitOffset = 0;
    return streamPos >= content.length ? -1 : content[(int) streamPos++] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    checkClosed();
    bitOffset = 0;
    if (count == 0) {
      return 0;
    }
    int read = (int) Math.min(count, content.length - streamPos);
    if (read <= 0) {
      return -1;
    }
    System.arraycopy(content, (int) streamPos, target, offset, read);
    streamPos += read;
    return read;
  }

  @Override
  public byte readByte() throws IOException {
    int next = read();
    if (next < 0) {
      throw atEnd();
    }
    return (byte) next;
  }

  @Override
  public long readLong() throws IOException {
    if (content.length - streamPos < Long.BYTES) {
      throw atEnd();
    }
    return super.readLong();
  }

  /** The same exception every time: it is created without cost. */
  private IOException atEnd() {
    attempts++;
    return attempts > maxAttempts ? new IOException("the file is truncated") : end;
  }
}

package dev.retrain.image.decode.header;

import dev.retrain.image.UnreadableImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The chunks of a WebP file (RFC 9649, section 2): a still image, or the first frame of an
 * animation and its place on the canvas.
 */
public final class WebpFile {
  private static final int FIRST = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int FRAME_HEADER = 16;
  private static final int PROFILE_FLAG = 0x20;
  private static final int ALPHA_FLAG = 0x10;

  private final Bytes bytes;
  private long width = -1;
  private long height = -1;
  private int orientation = 1;
  private boolean image;
  private long frame = -1;
  private long profile = -1;

  private WebpFile(Bytes bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads the chunks of a file.
   *
   * @param content the file's bytes
   */
  public static WebpFile read(byte[] content) {
    WebpFile file = new WebpFile(Bytes.littleEndian(content));
    file.readChunks();
    return file;
  }

  private static UnreadableImageException corrupt() {
    return new UnreadableImageException("the WebP data is corrupt or truncated");
  }

  private void readChunks() {
    for (long at = FIRST; at < bytes.length(); at = next(at)) {
      if (bytes.matches(at, "VP8X")) {
        setSize(bytes.u24(at + 12) + 1L, bytes.u24(at + 15) + 1L);
      } else if (bytes.matches(at, "VP8L")) {
        long size = bytes.u32(at + 9);
        setSize((size & 0x3FFF) + 1, (size >> 14 & 0x3FFF) + 1);
        image = true;
      } else if (bytes.matches(at, "VP8 ")) {
        setSize(bytes.u16(at + 14) & 0x3FFF, bytes.u16(at + 16) & 0x3FFF);
        image = true;
      } else if (bytes.matches(at, "ANMF")) {
        frame = frame < 0 ? at : frame;
        image = true;
      } else if (bytes.matches(at, "ICCP")) {
        profile = at;
      } else if (orientation == 1 && bytes.matches(at, "EXIF")) {
        orientation = Exif.orientation(bytes.range(at + CHUNK_HEADER, next(at)));
      }
    }
  }

  /** The first chunk that has a size determines it. */
  private void setSize(long columns, long rows) {
    if (width < 0) {
      width = columns;
      height = rows;
    }
  }

  private long next(long at) {
    long length = bytes.u32(at + 4);
    return length < 0 ? Long.MAX_VALUE : at + CHUNK_HEADER + length + (length & 1);
  }

  /** The size of the canvas, and the orientation. */
  public ImageHeader header() {
    return new ImageHeader(width, height, orientation);
  }

  /** The column of the canvas at which the image begins. */
  public int left() {
    return frame < 0 ? 0 : 2 * bytes.u24(frame + CHUNK_HEADER);
  }

  /** The row of the canvas at which the image begins. */
  public int top() {
    return frame < 0 ? 0 : 2 * bytes.u24(frame + CHUNK_HEADER + 3);
  }

  /**
   * A file with the still image, or with the first frame alone; without the color profile, which
   * the decoder would apply: those of JPEG and PNG files are not applied either.
   *
   * @throws UnreadableImageException if there is no image, or the frame is not inside the canvas
   */
  public byte[] still() throws UnreadableImageException {
    if (!image) {
      throw corrupt();
    }
    if (frame >= 0) {
      return firstFrame();
    }
    if (profile < 0) {
      return bytes.content();
    }
    byte[] copy = bytes.content().clone();
    copy[(int) profile + 3] = 'x'; // An unknown chunk is skipped.
    if (bytes.matches(FIRST, "VP8X") && bytes.length() > FIRST + CHUNK_HEADER) {
      copy[FIRST + CHUNK_HEADER] &= ~PROFILE_FLAG;
    }
    return copy;
  }

  private byte[] firstFrame() throws UnreadableImageException {
    long start = frame + CHUNK_HEADER;
    long end = Math.min(bytes.length(), next(frame));
    long columns = bytes.u24(start + 6) + 1L;
    long rows = bytes.u24(start + 9) + 1L;
    if (end < start + FRAME_HEADER || left() + columns > width || top() + rows > height) {
      throw corrupt();
    }
    int data = (int) (end - start - FRAME_HEADER);
    boolean alpha = bytes.matches(start + FRAME_HEADER, "ALPH");
    ByteBuffer file =
        ByteBuffer.allocate(FIRST + (alpha ? 18 : 0) + data).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(file.capacity() - CHUNK_HEADER);
    file.put("WEBP".getBytes(StandardCharsets.US_ASCII));
    if (alpha) { // Only an extended file has a separate alpha channel.
      file.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(ALPHA_FLAG);
      file.put(bytes.content(), (int) start + 6, 6);
    }
    return file.put(bytes.content(), (int) start + FRAME_HEADER, data).array();
  }
}

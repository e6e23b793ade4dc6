package dev.retrain.image.decode.header;

import dev.retrain.image.UnreadableImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The frame header and the number of scans of a JPEG file (ITU-T T.81, annex B). Like libjpeg, it
 * skips bytes that belong to no marker.
 *
 * @param frame the marker of the frame header, which names the process: SOF0 to SOF15; 0 if there
 *     is none
 * @param precision bits per sample
 * @param width number of columns, or -1
 * @param height number of rows, or -1
 * @param components number of color components
 * @param scans number of scans; 1 if a scan has all components of a sequential image, because the
 *     decoder reads no further scan then
 * @param orientation EXIF orientation, 1 to 8
 */
public record JpegHeader(
    int frame, int precision, long width, long height, int components, int scans, int orientation) {
  private static final int SOF0 = 0xC0;
  private static final int SOF15 = 0xCF;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;
  private static final int SOS = 0xDA;
  private static final int EOI = 0xD9;
  private static final int APP1 = 0xE1;

  /** Every scan visits every block of the image. Encoders write about ten scans. */
  private static final long MAX_VISITED_PIXELS = 2_400_000_000L;

  private static final int MIN_SCANS = 20;
  private static final int MAX_SCANS = 1000;

  /**
   * Reads the markers of a file.
   *
   * @param content the file's bytes
   */
  public static JpegHeader read(byte[] content) {
    Bytes bytes = Bytes.bigEndian(content);
    JpegHeader header = new JpegHeader(0, 0, -1, -1, 0, 0, 1);
    List<byte[]> exif = new ArrayList<>();
    int scans = 0;
    for (int at = marker(bytes, 2); at >= 0; ) {
      int marker = bytes.u8(at);
      int declared = bytes.u16(at + 1L);
      if (marker == EOI || declared < 0) {
        break;
      }
      // Decoders accept segments that are shorter than their length field.
      int length = Math.max(2, declared);
      if (isFrame(marker) && header.frame == 0) {
        header =
            new JpegHeader(
                marker,
                bytes.u8(at + 3L),
                bytes.u16(at + 6L),
                bytes.u16(at + 4L),
                bytes.u8(at + 8L),
                0,
                1);
      } else if (marker == APP1 && scans == 0 && at + 1 + length <= content.length) {
        exif.add(bytes.range(at + 3L, at + 1L + length));
      } else if (marker == SOS) {
        scans++;
        if (!header.progressive() && bytes.u8(at + 3L) >= header.components) {
          break;
        }
      }
      at = marker(bytes, at + 1 + length);
    }
    return header.with(scans, Exif.orientation(exif));
  }

  private JpegHeader with(int count, int upright) {
    return new JpegHeader(frame, precision, width, height, components, count, upright);
  }

  private static boolean isFrame(int marker) {
    return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
  }

  /** The next marker that a segment may follow, or -1; skips entropy-coded data. */
  private static int marker(Bytes bytes, int from) {
    for (int at = from; at < bytes.length() - 1; at++) {
      if (bytes.u8(at) == 0xFF) {
        int next = bytes.u8(at + 1L);
        if (next >= SOF0 && next != 0xFF && !(next >= 0xD0 && next <= 0xD8)) {
          return at + 1;
        }
      }
    }
    return -1;
  }

  private boolean progressive() {
    return frame == 0xC2 || frame == 0xC6 || frame == 0xCA || frame == 0xCE;
  }

  /**
   * Checks the number of scans: each one takes time in proportion to the pixels, but only a few
   * bytes of the file.
   */
  void checkScans() throws UnreadableImageException {
    if (frame == 0) {
      throw new UnreadableImageException("the JPEG data is corrupt or truncated");
    }
    long pixels = Math.max(1, width * height);
    long most = Math.max(MIN_SCANS, Math.min(MAX_SCANS, MAX_VISITED_PIXELS / pixels));
    if (scans > most) {
      throw new UnreadableImageException(
          String.format(
              Locale.ROOT,
              "the JPEG has %,d scans, more than the limit of %,d for its size; save it again",
              scans,
              most));
    }
  }

  /** The kind of JPEG, with its article, if few decoders support it. */
  public Optional<String> rareProcess() {
    if (frame == 0xC3 || frame == 0xCB) {
      return Optional.of("a lossless JPEG");
    }
    if (precision > 8) {
      return Optional.of(String.format(Locale.ROOT, "a JPEG of %d bits per sample", precision));
    }
    boolean hierarchical = frame > 0xC2 && frame != 0xC9 && frame != 0xCA;
    return hierarchical ? Optional.of("a hierarchical JPEG") : Optional.empty();
  }
}

package dev.retrain.image.decode.header;

import dev.retrain.image.UnreadableImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The first directory of a TIFF file: its first page. What it declares is checked against the file
 * before the decoder reads it.
 */
public final class TiffDirectory {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int STRIP_OFFSETS = 273;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTES = 279;
  private static final int PLANAR = 284;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;
  private static final int SAMPLE_FORMAT = 339;

  private static final long JPEG = 7;
  private static final int MAX_SAMPLES = 8;
  private static final int MAX_TILE_SIDE = 1 << 14;

  /** None, CCITT, LZW, JPEG, Deflate and PackBits. */
  private static final Set<Long> COMPRESSIONS =
      Set.of(1L, 2L, 3L, 4L, 5L, JPEG, 8L, 32773L, 32946L);

  /** Gray, RGB, palette, CMYK and YCbCr. */
  private static final Set<Long> COLORS = Set.of(0L, 1L, 2L, 3L, 5L, 6L);

  /** The tags that pixels depend on; all others, such as the color profile, are dropped. */
  private static final List<Integer> PIXEL_TAGS =
      List.of(
          WIDTH,
          HEIGHT,
          BITS,
          COMPRESSION,
          PHOTOMETRIC,
          266,
          STRIP_OFFSETS,
          SAMPLES,
          ROWS_PER_STRIP,
          STRIP_BYTES,
          PLANAR,
          292,
          293,
          317,
          320,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILE_OFFSETS,
          TILE_BYTES,
          338,
          SAMPLE_FORMAT,
          347,
          529,
          530,
          531,
          532);

  private final Bytes bytes;
  private final TiffEntries entries;

  private TiffDirectory(Bytes bytes, TiffEntries entries) {
    this.bytes = bytes;
    this.entries = entries;
  }

  static boolean isTiff(Bytes bytes) {
    return bytes.matches(0, "II*\0") || bytes.matches(0, "MM\0*");
  }

  static Bytes bytes(byte[] content) {
    return new Bytes(content, content[0] == 'I');
  }

  /**
   * Reads the first directory.
   *
   * @param content the bytes of a TIFF file
   * @throws UnreadableImageException if it is corrupt, or of a kind that is not supported
   */
  public static TiffDirectory read(byte[] content) throws UnreadableImageException {
    Bytes bytes = bytes(content);
    TiffEntries entries = TiffEntries.read(bytes, bytes.u32(4)).orElseThrow(TiffDirectory::corrupt);
    TiffDirectory directory = new TiffDirectory(bytes, entries);
    directory.checkKind();
    return directory;
  }

  private static UnreadableImageException corrupt() {
    return new UnreadableImageException("the TIFF directory is corrupt or truncated");
  }

  /** The size and orientation of the image. */
  ImageHeader header() {
    return new ImageHeader(
        entries.value(WIDTH, 0),
        entries.value(HEIGHT, 0),
        Exif.valid((int) Math.min(9, entries.value(ORIENTATION, 1))));
  }

  private void checkKind() throws UnreadableImageException {
    if (header().width() < 1
        || header().height() < 1
        || !(entries.has(STRIP_OFFSETS) || entries.has(TILE_OFFSETS))) {
      throw corrupt();
    }
    for (int tag : PIXEL_TAGS) {
      if (entries.has(tag) && !entries.isInside(tag)) {
        throw corrupt();
      }
    }
    long compression = entries.value(COMPRESSION, 1);
    if (!COMPRESSIONS.contains(compression)) {
      throw unsupported(String.format(Locale.ROOT, "compression %d", compression));
    }
    if (!COLORS.contains(entries.value(PHOTOMETRIC, 1))) {
      throw unsupported(
          String.format(Locale.ROOT, "color space %d", entries.value(PHOTOMETRIC, 1)));
    }
    long bits = entries.value(BITS, 1);
    if (bits < 1 || bits > 16 || entries.value(SAMPLE_FORMAT, 1) != 1) {
      throw unsupported(
          String.format(Locale.ROOT, "%d-bit, signed or floating-point samples", bits));
    }
    if (entries.value(SAMPLES, 1) < 1 || entries.value(SAMPLES, 1) > MAX_SAMPLES) {
      throw unsupported(String.format(Locale.ROOT, "%,d channels", entries.value(SAMPLES, 1)));
    }
  }

  private static UnreadableImageException unsupported(String feature) {
    return new UnreadableImageException(
        "TIFF with %s is not supported; convert it to JPEG, PNG or TIFF with 8-bit RGB"
            .formatted(feature));
  }

  /**
   * A file with the pixels of the first page and no other page, directory or metadata.
   *
   * @throws UnreadableImageException if its strips or tiles don't fit the image or the file
   */
  public byte[] firstPage() throws UnreadableImageException {
    checkSegments();
    Set<Integer> kept = new TreeSet<>(PIXEL_TAGS);
    kept.retainAll(entries.byTag().keySet());
    int start = bytes.length() + (bytes.length() & 1);
    int size = start + 2 + TiffEntries.ENTRY * kept.size() + 4;
    if (size < 0) {
      throw new UnreadableImageException(
          "a TIFF file of 2 GB or more is not supported; convert it to JPEG or PNG");
    }
    ByteBuffer file =
        ByteBuffer.allocate(size)
            .order(bytes.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    file.put(bytes.content()).putInt(4, start).position(start).putShort((short) kept.size());
    for (int tag : kept) {
      file.put(bytes.content(), entries.byTag().get(tag), TiffEntries.ENTRY);
    }
    return file.array();
  }

  /** Checks the strips or tiles: each is stored, and none of them much more often than once. */
  private void checkSegments() throws UnreadableImageException {
    boolean tiled = entries.has(TILE_OFFSETS);
    int offsets = tiled ? TILE_OFFSETS : STRIP_OFFSETS;
    int lengths = tiled ? TILE_BYTES : STRIP_BYTES;
    long segments = entries.count(offsets);
    if (segments < segmentsOfImage(tiled)
        || (entries.has(lengths) && entries.count(lengths) < segments)) {
      throw corrupt();
    }
    long stored = 0;
    for (long i = 0; i < segments; i++) {
      long at = entries.value(offsets, i, bytes.length());
      long length = entries.value(lengths, i, bytes.length() - at);
      stored += length;
      if (stored > 4L * bytes.length()) {
        throw corrupt();
      }
      if (entries.value(COMPRESSION, 1) == JPEG) {
        checkJpeg(at, length);
      }
    }
  }

  private long segmentsOfImage(boolean tiled) throws UnreadableImageException {
    long width = entries.value(WIDTH, 0);
    long height = entries.value(HEIGHT, 0);
    long tileWidth = tiled ? entries.value(TILE_WIDTH, 0) : width;
    long tileHeight = tiled ? entries.value(TILE_HEIGHT, 0) : entries.value(ROWS_PER_STRIP, height);
    if (tileWidth < 1
        || tileHeight < 1
        || (tiled && (tileWidth > MAX_TILE_SIDE || tileHeight > MAX_TILE_SIDE))) {
      throw corrupt();
    }
    long planes = entries.value(PLANAR, 1) == 2 ? entries.value(SAMPLES, 1) : 1;
    return (width + tileWidth - 1) / tileWidth * ((height + tileHeight - 1) / tileHeight) * planes;
  }

  private void checkJpeg(long at, long length) throws UnreadableImageException {
    if (at < 0 || at + length > bytes.length()) {
      throw corrupt();
    }
    JpegHeader jpeg = JpegHeader.read(bytes.range(at, at + length));
    if (jpeg.width() > header().width() + MAX_TILE_SIDE
        || jpeg.height() > header().height() + MAX_TILE_SIDE) {
      throw corrupt();
    }
    jpeg.checkScans();
  }
}

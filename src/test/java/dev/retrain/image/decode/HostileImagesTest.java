package dev.retrain.image.decode;

import static dev.retrain.image.decode.CraftedImages.ascii;
import static dev.retrain.image.decode.CraftedImages.bmp;
import static dev.retrain.image.decode.CraftedImages.concat;
import static dev.retrain.image.decode.CraftedImages.deflated;
import static dev.retrain.image.decode.CraftedImages.frame;
import static dev.retrain.image.decode.CraftedImages.gif;
import static dev.retrain.image.decode.CraftedImages.gifFrame;
import static dev.retrain.image.decode.CraftedImages.jpeg;
import static dev.retrain.image.decode.CraftedImages.png;
import static dev.retrain.image.decode.CraftedImages.pngChunk;
import static dev.retrain.image.decode.CraftedImages.tiff;
import static dev.retrain.image.decode.CraftedImages.tiffTags;
import static dev.retrain.image.decode.CraftedImages.webp;
import static dev.retrain.image.decode.CraftedImages.withSegment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.RgbImage;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.testing.TestImages;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile, damaged and odd image files: an image or one reason, without much work or memory. */
class HostileImagesTest {
  private static final String LIMIT = "more than the limit of 200,000,000";
  private static final String CORRUPT = "data is corrupt or truncated";
  private static final String TIFF_CORRUPT = "the TIFF directory is corrupt or truncated";

  private static final byte[] PIXEL = deflated(new byte[] {0, 77});
  private static final byte[] PIXELS = new byte[12];

  private static RgbDecoder decoder;

  @BeforeAll
  static void open() {
    decoder = new RgbDecoder(PixelLimit.DEFAULT);
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  private static byte[] cut(byte[] file) {
    return Arrays.copyOf(file, file.length * 2 / 3);
  }

  private static byte[] noise(String format) {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_3BYTE_BGR);
    image.setData(TestImages.noise(40, 30, 1).getData());
    return TestImages.file(image, format);
  }

  /** A gray TIFF of 4 x 3 pixels with another value of a tag. */
  private static byte[] tiffWith(int tag, long value) {
    Map<Integer, Long> tags = tiffTags(4, 3);
    tags.put(tag, value);
    return tiff(tags, PIXELS, 0);
  }

  private static byte[] tiffWithCount(int tag, long value, long count) {
    Map<Integer, Long> tags = tiffTags(4, 3);
    tags.put(tag, value);
    return tiff(tags, Map.of(tag, count), PIXELS, 0);
  }

  private static byte[] tiled(long tileWidth, long tileHeight) {
    Map<Integer, Long> tags = tiffTags(4, 3);
    tags.put(322, tileWidth);
    tags.put(323, tileHeight);
    tags.put(324, tags.remove(273));
    tags.put(325, tags.remove(279));
    return tiff(tags, PIXELS, 0);
  }

  /** Each of many strips is the whole file. */
  private static byte[] overlappingStrips() {
    int strips = 1000;
    Map<Integer, Long> tags = tiffTags(1, strips);
    tags.put(278, 1L);
    tags.put(273, 8L);
    tags.put(279, 8L + 4L * strips);
    byte[] pixels = new byte[8 * strips];
    for (int i = 0; i < strips; i++) {
      pixels[i * 4] = 8;
      pixels[4 * strips + i * 4 + 1] = 16;
    }
    Map<Integer, Long> counts = new HashMap<>();
    counts.put(273, (long) strips);
    counts.put(279, (long) strips);
    return tiff(tags, counts, pixels, 0);
  }

  private static byte[] jpegInTiff(byte[] jpeg) {
    Map<Integer, Long> tags = tiffTags(40, 30);
    tags.put(259, 7L);
    tags.put(279, (long) jpeg.length);
    return tiff(tags, jpeg, 0);
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        // Sizes
        arguments("JPEG of 65,500 x 65,500", jpeg(0xC0, 8, 65500, 65500, 1), LIMIT),
        arguments("progressive JPEG of 65,500 x 65,500", jpeg(0xC2, 8, 65500, 65500, 1), LIMIT),
        arguments("PNG of 100,000 x 100,000", png(100_000, 100_000, PIXEL), LIMIT),
        arguments("PNG of 2,147,483,647 x 1", png(Integer.MAX_VALUE, 1, PIXEL), LIMIT),
        arguments("PNG of 4,294,967,295 x 4,294,967,295", png(-1, -1, PIXEL), LIMIT),
        arguments("PNG of 0 x 5", png(0, 5, PIXEL), "the PNG " + CORRUPT),
        arguments("GIF screen of 65,535 x 65,535", gif(65535, 65535, gifFrame(0, 0, 2, 1)), LIMIT),
        arguments("GIF frame of 65,535 x 65,535", gif(2, 1, gifFrame(0, 0, 65535, 65535)), LIMIT),
        arguments("GIF frame at 65,535, 65,535", gif(2, 1, gifFrame(65535, 65535, 2, 1)), LIMIT),
        arguments("BMP of 100,000 x 100,000", bmp(100_000, 100_000, 24, 0, 0, 54), LIMIT),
        arguments("BMP of -2,147,483,648 rows", bmp(9, Integer.MIN_VALUE, 24, 0, 0, 54), LIMIT),
        arguments("BMP of no columns", bmp(0, 9, 24, 0, 0, 54), CORRUPT),
        arguments(
            "WebP of 2^24 x 2^24", webp("VP8X", bytes(0, 0, 0, 0, -1, -1, -1, -1, -1, -1)), LIMIT),
        arguments("WebP of 16,384 x 16,384", webp("VP8L", bytes(0x2F, -1, -1, -1, 15)), LIMIT),
        arguments(
            "TIFF of 2^32-1 x 2^32-1", tiff(tiffTags(0xFFFFFFFFL, 0xFFFFFFFFL), PIXELS, 0), LIMIT),
        arguments("TIFF of 20,000 x 20,000", tiff(tiffTags(20_000, 20_000), PIXELS, 0), LIMIT),
        arguments("TIFF of no rows", tiffWith(257, 0), TIFF_CORRUPT),
        // JPEG
        arguments("12-bit JPEG", jpeg(0xC1, 12, 9, 9, 1), "a JPEG of 12 bits per sample"),
        arguments(
            "lossless JPEG", jpeg(0xC3, 8, 9, 9, 1), "a lossless JPEG, which is not supported"),
        arguments("hierarchical JPEG", jpeg(0xC5, 8, 9, 9, 1), "a hierarchical JPEG"),
        arguments(
            "JPEG of 5,000 scans",
            jpeg(0xC2, 8, 2000, 2000, 5000),
            "5,000 scans, more than the limit of 600"),
        arguments(
            "JPEG of 5,000 scans after a segment without length",
            withSegment(jpeg(0xC2, 8, 2000, 2000, 5000), ascii("\u00FF\u00FE\0\0")),
            "5,000 scans, more than the limit of 600"),
        arguments(
            "tiny JPEG of 5,000 scans", jpeg(0xC2, 8, 8, 8, 5000), "more than the limit of 1,000"),
        arguments(
            "JPEG of 21 scans and 199 megapixels",
            jpeg(0xC2, 8, 14100, 14100, 21),
            "more than the limit of 20"),
        arguments("JPEG without frame", ascii("\u00FF\u00D8\u00FF\u00D9"), "the JPEG " + CORRUPT),
        arguments(
            "JPEG with two frames",
            withSegment(noise("jpg"), frame(0xC0, 8, 9, 9)),
            "the JPEG " + CORRUPT),
        arguments(
            "JPEG of zeros",
            concat(ascii("\u00FF\u00D8\u00FF"), new byte[500]),
            "the JPEG " + CORRUPT),
        arguments("cut JPEG", cut(noise("jpg")), "the JPEG " + CORRUPT),
        // PNG
        arguments("PNG without image data", png(1, 1, new byte[0]), "the PNG " + CORRUPT),
        arguments("PNG with too few image data", png(500, 500, PIXEL), "the PNG " + CORRUPT),
        arguments(
            "PNG with a chunk of 2^31-1 bytes",
            concat(Arrays.copyOf(png(1, 1, PIXEL), 33), ascii("\u007F\u00FF\u00FF\u00FFtEXt")),
            "the PNG " + CORRUPT),
        arguments("PNG signature alone", ascii("\u0089PNG\r\n\u001A\n"), "the PNG " + CORRUPT),
        arguments("cut PNG", cut(noise("png")), "the PNG " + CORRUPT),
        // GIF
        arguments("GIF without frame", gif(2, 1), "the GIF " + CORRUPT),
        arguments("GIF with extensions only", gif(2, 1, extensions(1000)), "the GIF " + CORRUPT),
        arguments(
            "GIF frame without data",
            Arrays.copyOf(gif(9, 9, gifFrame(0, 0, 9, 9)), 29),
            "the GIF " + CORRUPT),
        arguments("cut GIF", cut(noise("gif")), "the GIF " + CORRUPT),
        // BMP
        arguments("BMP with a JPEG file", bmp(9, 9, 0, 4, 0, 54), "contains a JPEG or PNG file"),
        arguments("BMP with a PNG file", bmp(9, 9, 0, 5, 0, 54), "contains a JPEG or PNG file"),
        arguments(
            "BMP with 2^31-1 colors",
            bmp(9, 9, 8, 0, Integer.MAX_VALUE, 54),
            "the BMP header is corrupt"),
        arguments(
            "BMP with pixels after the end",
            bmp(9, 9, 8, 0, 0, Integer.MAX_VALUE),
            "the BMP header is corrupt"),
        arguments("BMP with 77 bits per pixel", bmp(3, 3, 77, 0, 0, 54), "the BMP " + CORRUPT),
        arguments(
            "BMP with an unknown compression", bmp(3, 3, 24, 99, 0, 54), "the BMP " + CORRUPT),
        arguments("cut BMP", cut(noise("bmp")), "the BMP " + CORRUPT),
        // WebP
        arguments(
            "WebP without image",
            webp("VP8X", bytes(0, 0, 0, 0, 8, 0, 0, 8, 0, 0)),
            "the WebP " + CORRUPT),
        arguments("WebP of zeros", webp("VP8 ", new byte[100]), "the WebP " + CORRUPT),
        // TIFF
        arguments("TIFF directory outside", Arrays.copyOf(ascii("II*\0zzzz"), 200), TIFF_CORRUPT),
        arguments(
            "TIFF directory without entries",
            concat(ascii("II*\0\b\0\0\0"), new byte[9]),
            TIFF_CORRUPT),
        arguments("TIFF with 2^32-1 strips", tiffWithCount(273, 8, 0xFFFFFFFFL), TIFF_CORRUPT),
        arguments("TIFF with too few strips", tiffWith(278, 1), TIFF_CORRUPT),
        arguments("TIFF with rows per strip 0", tiffWith(278, 0), TIFF_CORRUPT),
        arguments("TIFF with strips outside", tiffWith(273, 1_000_000), CORRUPT),
        arguments("TIFF with overlapping strips", overlappingStrips(), TIFF_CORRUPT),
        arguments("TIFF with tiles of 0 x 16", tiled(0, 16), TIFF_CORRUPT),
        arguments("TIFF with tiles of 2^31 x 2^31", tiled(1L << 31, 1L << 31), TIFF_CORRUPT),
        arguments("TIFF with one tile of many", tiled(1, 1), TIFF_CORRUPT),
        arguments(
            "TIFF with 32-bit samples",
            tiffWith(258, 32),
            "TIFF with 32-bit, signed or floating-point samples"),
        arguments("TIFF with floating point", tiffWith(339, 3), "floating-point"),
        arguments("TIFF with 1,000 channels", tiffWith(277, 1000), "1,000 channels"),
        arguments("TIFF with Zstandard", tiffWith(259, 50000), "TIFF with compression 50000"),
        arguments("TIFF with obsolete JPEG", tiffWith(259, 6), "TIFF with compression 6"),
        arguments("TIFF with CIELab", tiffWith(262, 8), "TIFF with color space 8"),
        arguments(
            "TIFF with 5,000 scans", jpegInTiff(jpeg(0xC2, 8, 2000, 2000, 5000)), "5,000 scans"),
        arguments(
            "TIFF with a larger JPEG", jpegInTiff(jpeg(0xC0, 8, 65500, 65500, 1)), TIFF_CORRUPT),
        arguments(
            "raw photo with a sensor's pixels",
            tiffWith(262, 32803),
            "it is a raw camera file; convert it"),
        arguments(
            "raw photo DNG", tiffWith(50706, 1025), "it is a raw camera file (DNG); convert it"),
        arguments(
            "raw photo below a preview",
            rawBelowPreview("NIKON"),
            "it is a raw camera file (Nikon NEF)"),
        arguments(
            "raw photo of Sony", rawBelowPreview("SONY"), "it is a raw camera file (Sony ARW)"));
  }

  /** A directory with a preview, which refers to one with a sensor's pixels. */
  private static byte[] rawBelowPreview(String make) {
    byte[] raw = tiff(Map.of(256, 9L, 257, 9L, 262, 34892L), new byte[0], 0);
    byte[] directory = Arrays.copyOfRange(raw, 8, raw.length);
    byte[] text = concat(ascii(make), new byte[] {0});
    Map<Integer, Long> tags = tiffTags(4, 3);
    tags.put(271, 20L);
    tags.put(330, 40L);
    byte[] content = Arrays.copyOf(concat(PIXELS, text), 32 + directory.length);
    System.arraycopy(directory, 0, content, 32, directory.length);
    byte[] file = tiff(tags, Map.of(271, (long) text.length), content, 0);
    return withTextType(file, 8 + content.length, 271);
  }

  /** Makes a tag's values bytes. */
  private static byte[] withTextType(byte[] file, int directory, int tag) {
    for (int at = directory + 2; at < file.length - 12; at += 12) {
      if (((file[at] & 0xFF) | (file[at + 1] & 0xFF) << 8) == tag) {
        file[at + 2] = 2;
      }
    }
    return file;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] extensions(int count) {
    byte[][] all = new byte[count][];
    Arrays.fill(all, bytes(0x21, 0xFE, 1, 'x', 0));
    return concat(all);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("unreadable")
  void oneReasonIsGiven(String name, byte[] file, String reason) {
    assertThatThrownBy(() -> decoder.decode(file))
        .as(name)
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("null", "{{", "\n", "Exception", "java.");
  }

  static Stream<Arguments> readable() {
    byte[] bomb = deflated(new byte[64 << 20]);
    byte[] gray = png(1, 1, PIXEL);
    byte[] frames = new byte[15 * 1_000_000];
    for (int i = 0; i < frames.length; i += 15) {
      System.arraycopy(gifFrame(0, 0, 2, 1), 0, frames, i, 15);
    }
    return Stream.of(
        arguments(
            "PNG with a large text",
            png(1, 1, PIXEL, pngChunk("zTXt", concat(ascii("a\0\0"), bomb))),
            0x4D4D4D),
        arguments(
            "PNG with a large international text",
            png(1, 1, PIXEL, pngChunk("iTXt", concat(ascii("a\0\1\0\0\0"), bomb))),
            0x4D4D4D),
        arguments(
            "PNG with a large profile",
            png(1, 1, PIXEL, pngChunk("iCCP", concat(ascii("a\0\0"), bomb))),
            0x4D4D4D),
        arguments("PNG with too many image data", png(1, 1, bomb), 0),
        arguments("PNG followed by other bytes", concat(gray, new byte[1000]), 0x4D4D4D),
        arguments("GIF with a million frames", gif(2, 1, frames), 0xC8D2DC),
        arguments(
            "GIF with other bytes after the first frame",
            gif(2, 1, gifFrame(0, 0, 2, 1), bytes(99, 98, 97)),
            0xC8D2DC),
        arguments(
            "GIF with many extensions",
            gif(2, 1, extensions(100_000), gifFrame(0, 0, 2, 1)),
            0xC8D2DC),
        arguments("TIFF whose directory follows itself", tiff(tiffTags(4, 3), PIXELS, -1), 0),
        arguments("TIFF with metadata that refer to the directory", metadataLoop(), 0));
  }

  private static byte[] metadataLoop() {
    Map<Integer, Long> tags = tiffTags(4, 3);
    long directory = 8L + PIXELS.length;
    tags.put(330, directory);
    tags.put(34665, directory);
    tags.put(34853, directory);
    return tiff(tags, PIXELS, directory);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readable")
  void imageIsDecoded(String name, byte[] file, int color) throws Exception {
    RgbImage image = decoder.decode(file);
    try (var tensor = image.tensor()) {
      int first =
          (tensor.getByte(0, 0, 0) & 0xFF) << 16
              | (tensor.getByte(0, 0, 1) & 0xFF) << 8
              | (tensor.getByte(0, 0, 2) & 0xFF);
      assertThat(first).as(name).isEqualTo(color);
    }
  }

  // Made with jpegtran -arithmetic.
  private static final String ARITHMETIC =
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkK"
          + "DA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/2wBDAQMDAwQDBAgEBAgQCwkLEBAQEBAQEBAQEBAQ"
          + "EBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD/yQARCAAwAEADASIAAhEBAxEB/8wA"
          + "CgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/AO8BBfn+Tp99NQUFQ+MGfFHoBxNVnTQ+sSWnf+V3PUej+zl2"
          + "l9mec3ic0J3Z2hpFpp/ASHCXam7vDEBwiGB4iJmQhmHWIFJDRDHIHUzNpG8Dnd4L4W6Q8PGM8fiqk6p2"
          + "WrqTLI8NQt9kwTnsJk767OMMSFeGecu4OqeNQiylyfcbZLc/81/unKa8cTKfKFpsTehnz7XzS4442Quk"
          + "Kkcu7rkMMs1Jxe4rERZyeFJA0zSM3K6BJPc5aDfagP/Z";

  @Test
  void arithmeticJpegIsDecoded() throws Exception {
    assertThat(decoder.decode(Base64.getDecoder().decode(ARITHMETIC)).width()).isEqualTo(64);
  }
}
